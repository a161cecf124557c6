/* SPDX-License-Identifier: BSD-2-Clause */
/* The public names over start.h and tls.h. */
#include <sel4/start.h>
#include <sel4/tls.h>
#include <sel4runtime.h>

#ifdef __aarch64__

static sel4runtime_exit_cb *exit_callback;
static sel4runtime_pre_exit_cb *pre_exit_callback;
static int moved;

seL4_BootInfo *sel4runtime_bootinfo(void)
{
        return (seL4_BootInfo *)start_bootinfo();
}

int sel4runtime_argc(void)
{
        return start_arguments().argc;
}

char const *const *sel4runtime_argv(void)
{
        return (char const *const *)start_arguments().argv;
}

char const *const *sel4runtime_envp(void)
{
        return (char const *const *)start_arguments().envp;
}

char const *sel4runtime_process_name(void)
{
        return sel4runtime_argc() ? sel4runtime_argv()[0] : "";
}

auxv_t const *sel4runtime_auxv(void)
{
        return (auxv_t const *)start_arguments().auxiliary;
}

size_t sel4runtime_get_tls_size(void)
{
        return tls_size();
}

uintptr_t sel4runtime_write_tls_image(void *tls_memory)
{
        return tls_memory ? tls_write(tls_memory, seL4_GetIPCBuffer()) : 0;
}

void sel4runtime_set_tls_base(uintptr_t tls_base)
{
        tls_enter(tls_base);
}

uintptr_t sel4runtime_get_tls_base(void)
{
        return 0 - (uintptr_t)tls_variable(0, NULL); /* a variable at 0 lies that far below the base */
}

uintptr_t sel4runtime_move_initial_tls(void *tls_memory)
{
        uintptr_t base = sel4runtime_write_tls_image(tls_memory);

        if (base) {
                tls_enter(base);
                moved = 1;
        }
        return base;
}

int sel4runtime_initial_tls_enabled(void)
{
        return !moved;
}

void *sel4runtime_tls_variable(uintptr_t base, void *mine)
{
        return tls_variable(base, mine);
}

sel4runtime_exit_cb *sel4runtime_set_exit(sel4runtime_exit_cb *callback)
{
        sel4runtime_exit_cb *before = exit_callback;

        exit_callback = callback;
        start_on_exit(callback);
        return before;
}

sel4runtime_pre_exit_cb *sel4runtime_set_pre_exit(sel4runtime_pre_exit_cb *callback)
{
        sel4runtime_pre_exit_cb *before = pre_exit_callback;

        pre_exit_callback = callback;
        return before;
}

_Noreturn void sel4runtime_exit(int code)
{
        start_exit(pre_exit_callback ? pre_exit_callback(code) : code);
}

#endif
