/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes: what a good image turns into, and that a bad one leaves nothing behind.
 *
 * The processes here never run: the first thread has a higher priority and does not block. */
#include "image.h"
#include "libs.h"

#include <process/process.h>
#include <stdlib.h>
#include <string.h>

static void start(const seL4_BootInfo *bi)
{
        libs_start(bi);
        threads_start(&cspace, bi->schedcontrol.start, seL4_CapInitThreadTCB, false);
}

static void *look(process_t *process, seL4_Word vaddr)
{
        seL4_Word at;

        CHECK_EQUAL(vspace_share(&process->vspace, (void *)vaddr, 1, &vspace, 0, VSPACE_R, &at), 0);
        return (void *)at;
}

static void check_memory(process_t *process, const struct elf_file *file)
{
        const char *text = look(process, TEXT), *data = look(process, DATA & ~0xffful);
        const char *last = look(process, (DATA & ~0xffful) + 3 * PAGE);

        CHECK(!memcmp(text, file, IMAGE));
        for (int i = IMAGE; i < PAGE; i++)
                CHECK_EQUAL(text[i], 0);
        CHECK(!memcmp(data + DATA % PAGE, (const char *)file + 300, DATA_BYTES));
        for (unsigned i = DATA % PAGE + DATA_BYTES; i < PAGE; i++)
                CHECK_EQUAL(data[i], 0);
        CHECK_EQUAL(last[0], 0);
        CHECK_EQUAL(vspace_lookup(&process->vspace, TEXT).flags, VSPACE_RX);
        CHECK_EQUAL(vspace_lookup(&process->vspace, DATA).flags, VSPACE_RW);
        CHECK_EQUAL(vspace_lookup(&process->vspace, (DATA & ~0xffful) + 4 * PAGE).kind, VSPACE_EMPTY);
        vspace_unmap(&vspace, (seL4_Word)text, 1);
        vspace_unmap(&vspace, (seL4_Word)data, 1);
        vspace_unmap(&vspace, (seL4_Word)last, 1);
}

/* argc, argv, NULL, environment, NULL, auxiliary vector. */
static void check_stack(process_t *process)
{
        seL4_UserContext context = {0};
        char *page = look(process, PROCESS_STACK_TOP - PAGE);
        const seL4_Word *word;
        bool headers = false;

        CHECK_EQUAL(seL4_TCB_ReadRegisters(process->thread->tcb, 0, 0, 3, &context), 0);
        CHECK_EQUAL(context.pc, TEXT + 200);
        CHECK_EQUAL(context.sp % 16, 0);
        word = (const seL4_Word *)(page + (context.sp - (PROCESS_STACK_TOP - PAGE)));
        CHECK_EQUAL(word[0], 2);
        CHECK(!strcmp(page + (word[1] - (PROCESS_STACK_TOP - PAGE)), "prog"));
        CHECK(!strcmp(page + (word[2] - (PROCESS_STACK_TOP - PAGE)), "one"));
        CHECK_EQUAL(word[3], 0);
        CHECK_EQUAL(word[4], 0);
        for (word += 5; word[0]; word += 2) {
                headers = headers || (word[0] == 3 && word[1] == TEXT + 64);
                CHECK(word[0] != 4 || word[1] == 56);
                CHECK(word[0] != 5 || word[1] == 2);
                CHECK(word[0] != 6 || word[1] == PAGE);
                CHECK(word[0] != 67 || word[1] == PROCESS_IPC_BUFFER);
        }
        CHECK(headers);
        vspace_unmap(&vspace, (seL4_Word)page, 1);
}

static process_config_t configuration(const void *image, size_t size)
{
        static const char *const argv[] = {"prog", "one", NULL};

        return (process_config_t){
                .name = "prog", .image = image, .image_size = size, .argv = argv, .badge = 9};
}

static void a_good_image(const seL4_BootInfo *bi)
{
        struct elf_file file = good();
        process_config_t config = configuration(&file, sizeof(file));
        struct libs_balance before;
        process_t process;
        seL4_CPtr ep;

        start(bi);
        CHECK(ut_new_object(&cspace, &ep, seL4_EndpointObject, 0));
        config.endpoint = ep;
        CHECK_EQUAL(process_create(&process, &config), 0);
        CHECK_EQUAL(process_destroy(&process), 0);
        before = libs_balance();
        CHECK_EQUAL(process_create(&process, &config), 0);
        check_memory(&process, &file);
        check_stack(&process);
        CHECK_EQUAL(cspace_used_slots(&process.cspace),
                    2); /* slot 0 and the endpoint: nothing about itself */
        CHECK_EQUAL(vspace_audit(&process.vspace), 0);
        libs_audit();
        CHECK_EQUAL(process_destroy(&process), 0);
        libs_check_balance(before);
        libs_audit();
        CHECK_EQUAL(libs_reports(), 0);
}

static int attempt(const void *image, size_t size)
{
        process_config_t config = configuration(image, size);
        process_t process;
        int err = process_create(&process, &config);

        if (!err)
                CHECK_EQUAL(process_destroy(&process), 0);
        return err;
}

static void bad_images_leave_nothing(const seL4_BootInfo *bi)
{
        struct elf_file file = good();
        struct libs_balance before;
        unsigned loaded = 0;

        start(bi);
        CHECK_EQUAL(attempt(&file, sizeof(file)), 0);
        before = libs_balance();
        for (size_t cut = 0; cut < sizeof(file); cut++) {
                char *copy = malloc(cut + !cut);

                memcpy(copy, &file, cut);
                CHECK(attempt(copy, cut) != 0);
                free(copy);
        }
        file.program[1].vaddr = file.program[1].paddr = TEXT + 2000; /* a page with two kinds of rights */
        CHECK(attempt(&file, sizeof(file)) != 0);
        file = good();
        file.program[1].memsz = 1ul << 40; /* more than there is */
        CHECK(attempt(&file, sizeof(file)) != 0);
        file = good();
        file.program[1].vaddr = PROCESS_STACK_TOP - 2 * PAGE; /* where the stack goes */
        CHECK(attempt(&file, sizeof(file)) != 0);
        file = good();
        file.program[1].vaddr = 0xffff000000000000ul;
        CHECK(attempt(&file, sizeof(file)) != 0);
        for (int i = 0; i < 3000; i++) { /* damage in the headers */
                file = good();
                ((uint8_t *)&file)[libs_random() % (64 + 2 * 56)] ^= (uint8_t)(1u << libs_random() % 8);
                loaded += attempt(&file, sizeof(file)) == 0;
        }
        libs_note("     of 3000 damaged images %u could be loaded", loaded);
        CHECK(loaded < 3000);
        libs_check_balance(before);
        libs_audit();
}

static void failures_leave_nothing(const seL4_BootInfo *bi)
{
        struct elf_file file = good();
        struct libs_balance before;
        unsigned failed = 0;

        start(bi);
        for (int i = 0; i < 10; i++)
                CHECK_EQUAL(attempt(&file, sizeof(file)), 0);
        before = libs_balance();
        libs_inject(60, 3);
        for (int i = 0; i < 300; i++) {
                process_config_t config = configuration(&file, sizeof(file));
                process_t process;

                if (process_create(&process, &config)) {
                        failed++;
                } else {
                        while (process_destroy(&process)) {
                        }
                }
        }
        libs_inject(0, 1);
        CHECK(failed > 100 && failed < 300);
        libs_check_balance(before);
        libs_audit();
}

static int with_arguments(const struct elf_file *file, unsigned count, const char *last)
{
        static const char *argv[PAGE / sizeof(char *)];
        process_config_t config = configuration(file, sizeof(*file));
        seL4_UserContext context = {0};
        process_t process;
        const seL4_Word *word;
        char *page;
        int err;

        for (unsigned i = 0; i < count; i++)
                argv[i] = i + 1 < count ? "x" : last;
        argv[count] = NULL;
        config.argv = argv;
        err = process_create(&process, &config);
        if (err)
                return err;
        page = look(&process, PROCESS_STACK_TOP - PAGE);
        CHECK_EQUAL(seL4_TCB_ReadRegisters(process.thread->tcb, 0, 0, 3, &context), 0);
        word = (const seL4_Word *)(page + (context.sp - (PROCESS_STACK_TOP - PAGE)));
        CHECK_EQUAL(word[0], count);
        CHECK(!strcmp(page + (word[1] - (PROCESS_STACK_TOP - PAGE)), "x"));
        CHECK(!strcmp(page + (word[count] - (PROCESS_STACK_TOP - PAGE)), last));
        CHECK_EQUAL(word[count + 1], 0);
        vspace_unmap(&vspace, (seL4_Word)page, 1);
        CHECK_EQUAL(process_destroy(&process), 0);
        return 0;
}

/* All arguments arrive, or none and a report: none is silently dropped. */
static void arguments(const seL4_BootInfo *bi)
{
        static char text[PAGE];
        struct elf_file file = good();
        struct libs_balance before;
        unsigned most = 0;

        start(bi);
        CHECK_EQUAL(with_arguments(&file, 2, "last"), 0);
        before = libs_balance();
        CHECK_EQUAL(with_arguments(&file, 33, "the thirty-third"), 0);
        while (most < PAGE / sizeof(char *) - 1 && with_arguments(&file, most + 2, "last") == 0)
                most++;
        CHECK(most > 380); /* ten bytes each in a page */
        CHECK_EQUAL(libs_reports(), 2);
        memset(text, 't', PAGE - 1);
        CHECK(with_arguments(&file, 2, text) != 0);
        text[PAGE - 200] = '\0';
        CHECK_EQUAL(with_arguments(&file, 2, text), 0);
        CHECK_EQUAL(libs_reports(), 2);
        libs_check_balance(before);
}

/* Thread-local data of a program with the start code of lib/core/sel4 must fit the stack that it is given. */
static void thread_local_data(const seL4_BootInfo *bi)
{
        static const unsigned char note[] = {8,   0,   0,   0,   8,   0, 0, 0, 2, 0, 0, 0, 'T', 'e',
                                             's', 's', 'e', 'r', 'a', 0, 0, 0, 0, 0, 0, 0, 0,   0};
        struct elf_file file = good();
        uint64_t header[2][7] = {{4, 300, TEXT + 300, TEXT + 300, sizeof(note), sizeof(note), 4},
                                 {7, 400, TEXT + 400, TEXT + 400, 0, 40000, 16}};

        start(bi);
        memcpy((char *)&file + 300, note, sizeof(note));
        file.program_count = 4;
        memcpy(file.bytes, header, sizeof(header));
        CHECK_EQUAL(attempt(&file, sizeof(file)), 0);
        header[1][5] = 70000;
        memcpy(file.bytes, header, sizeof(header));
        CHECK(attempt(&file, sizeof(file)) != 0);
        CHECK_EQUAL(libs_reports(), 2);
        header[1][5] = ~0ull;
        memcpy(file.bytes, header, sizeof(header));
        CHECK(attempt(&file, sizeof(file)) != 0);
        CHECK_EQUAL(libs_reports(), 2);
        header[1][5] = 70000;
        header[0][0] = 6; /* without the note the program sees to it by itself */
        memcpy(file.bytes, header, sizeof(header));
        CHECK_EQUAL(attempt(&file, sizeof(file)), 0);
        libs_audit();
}

const struct libs_case process_cases[] = {
        {"process: a good image", a_good_image, 0, false},
        {"process: bad images leave nothing", bad_images_leave_nothing, 16, true},
        {"process: failures leave nothing", failures_leave_nothing, 0, true},
        {"process: arguments arrive all or not at all", arguments, 0, true},
        {"process: thread-local data against the stack", thread_local_data, 0, false},
};
LIBS_COUNT(process_cases);
