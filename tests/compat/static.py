# SPDX-License-Identifier: BSD-2-Clause
"""Static assertions made from the tables.  A unit is (name, rows, compiler flags, source text)."""

import json
import os
import re

import facts

PRELUDE = '''#include <%s>
#ifdef __cplusplus
#define CHECK(condition) static_assert(condition, #condition)
#else
#define CHECK(condition) _Static_assert(condition, #condition)
#endif
#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
typedef int translation_unit_is_not_empty;
'''
OLD = '#pragma GCC diagnostic ignored "-Wdeprecated-declarations"\n'
RUN_TIME = re.compile(r'seL4_(AllRights|ReadWrite|Can\w+|No(Write|Read|Rights))$')  # calls.py runs these


def equal(name, value):
    return 'CHECK((long long)(%s) == %s);\n' % (name, facts.number(value))


def unit(name, headers, lines, options=(), extra=()):
    text = ''.join('#include <%s>\n' % h for h in headers[1:]) + PRELUDE % headers[0] + OLD + ''.join(lines)
    return name, len(lines), facts.flags(list(options)) + list(extra), text


def grouped(rows, key):
    groups = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups.items()


# --- constants ---------------------------------------------------------------------------------------------------

def constants():
    rows = [r for r in facts.table('constants') if not r['name'].startswith('(kernel)')
            and r['condition'] != 'config' and not RUN_TIME.match(r['name'])]
    for (header, condition), group in grouped(rows, lambda r: (r['header'], r['condition'])):
        headers = ['sel4/sel4.h'] if header == '-' else [header]
        options = facts.options_of(condition)
        lines = [equal(r['name'], r['value_debug_sel4test']) for r in group]
        yield unit('constants of %s (%s)' % (header, condition), headers, lines, options)
        if condition == 'always':
            yield unit('constants of %s, release' % header, headers,
                       [equal(r['name'], r['value_release_sel4bench']) for r in group], (), ['-DTESSERA_RELEASE=1'])


def configuration():
    rows = [r for r in facts.table('constants') if r['condition'] == 'config']

    def lines(column):
        for r in rows:
            name, value = r['name'], r[column]
            if value == 'undefined':
                yield '#ifdef %s\n#error "error: %s is defined"\n#endif\n' % (name, name)
            elif facts.number(value):
                yield '#ifndef %s\n#error "error: no %s"\n#endif\n%s' % (name, name, equal(name, value))
            else:
                yield 'CHECK(__builtin_strcmp(TEXT(%s), "%s") == 0);\n' % (name, value)

    yield unit('debug configuration', ['autoconf.h'], list(lines('value_debug_sel4test')))
    # the release column is that of a benchmark, which needs a larger root CNode and the counters
    yield unit('release configuration', ['autoconf.h'], list(lines('value_release_sel4bench')), (),
               ['-DTESSERA_RELEASE=1', '-DCONFIG_ROOT_CNODE_SIZE_BITS=15', '-DCONFIG_EXPORT_PMU_USER=1'])


# --- enumerations ------------------------------------------------------------------------------------------------

def present_or_not(rows, name, column):
    """An assertion per row; a name without number must be free for somebody else to take."""
    lines = []
    for r in rows:
        if r[column] == '-':
            lines.append('enum { %s };\n' % r[name])
        else:
            lines.append(equal(r[name], r[column]))
    return lines


def enumerations():
    invocations = facts.table('invocations')
    hyp, smp, dbg = 'CONFIG_ARM_HYPERVISOR_SUPPORT', 'CONFIG_ENABLE_SMP_SUPPORT', 'CONFIG_HARDWARE_DEBUG_API'
    for column, options in (('number', []), ('number_hyp', [hyp]), ('number_smp', [smp]),
                            ('number_hyp_smp', [hyp, smp]), ('number_hwdebug', [dbg])):
        yield unit('invocation labels, ' + column, ['sel4/invocation.h'],
                   present_or_not(invocations, 'label', column), options)
    for part, header in (('aarch64', 'sel4/sel4_arch/invocation.h'), ('arm', 'sel4/arch/invocation.h')):
        yield unit('labels by ' + header, [header],
                   present_or_not([r for r in invocations if r['enum_part'] == part], 'label', 'number'))
    for condition, rows in grouped(facts.table('syscalls'), lambda r: r['condition']):
        yield unit('system call numbers (%s)' % condition, ['sel4/syscall.h'],
                   [equal(r['name'], r['number']) for r in rows], facts.options_of(condition))
    yield unit('errors', ['sel4/errors.h'], [equal(r['name'], r['number']) for r in facts.table('errors')])
    for condition, rows in grouped(facts.table('faults'), lambda r: r['condition']):
        yield unit('fault labels (%s)' % condition, ['sel4/sel4_arch/types.h'],
                   [equal(r['name'], r['label']) for r in rows], facts.options_of(condition))
    objects = facts.table('objects')
    for column, options in (('number', []), ('number_hyp', [hyp])):
        yield unit('object types, ' + column, ['sel4/arch/objecttype.h'],
                   [equal(r['name'], r[column]) for r in objects
                    if column == 'number' or r['name'] != 'seL4_ARM_IOPageTableObject'], options)
    yield unit('initial caps', ['sel4/bootinfo_types.h'],
               [equal(r['name'], r['slot']) for r in facts.table('initcaps')])
    flags = [r for r in facts.table('bitfields') if r['type'] in
             ('seL4_ARM_VMAttributes', 'seL4_TCBFlag', 'seL4_SchedContextFlag', 'seL4_ARM_CacheType')]
    yield unit('flag bits', ['sel4/types.h'], [equal(r['field'], str(1 << int(r['low_bit']))) for r in flags])


# --- structures --------------------------------------------------------------------------------------------------

def structures():
    lines = []
    for r in facts.table('bootinfo'):
        if r['type'] == 'chunk id':
            lines.append(equal(r['field'], r['offset_or_value']))
        elif r['field'] == '(whole)':
            lines.append(equal('sizeof(%s)' % r['struct'], r['size']))
        else:
            lines.append(field(r['struct'], r['field'], r['type'], r['offset_or_value'], r['size']))
    yield unit('bootinfo', ['sel4/bootinfo_types.h'], lines)
    lines = []
    for r in facts.table('ipcbuffer'):
        if r['field'] == '(whole)':
            lines.append(equal('sizeof(seL4_IPCBuffer)', r['size']) + equal('__alignof__(seL4_IPCBuffer)', r['size']))
        else:
            kind = r['type'].replace('seL4_CPtr/', '')
            lines.append(field('seL4_IPCBuffer', r['field'], kind, r['offset'], r['size']))
    yield unit('IPC buffer', ['sel4/shared_types.h'], lines)
    order = ('pc sp spsr x0 x1 x2 x3 x4 x5 x6 x7 x8 x16 x17 x18 x29 x30 x9 x10 x11 x12 x13 x14 x15 x19 x20 x21 x22 '
             'x23 x24 x25 x26 x27 x28 tpidr_el0 tpidrro_el0').split()
    yield unit('user context', ['sel4/types.h'],
               [field('seL4_UserContext', name, 'seL4_Word', str(8 * i), '8') for i, name in enumerate(order)])


def field(struct, name, kind, offset, size):
    """Offset, size, and that the field has just this type."""
    base, _, count = kind.partition('[')
    number = '_%s_%s' % (struct, name)
    declare = 'extern %s %s%s;\n' % (base.strip(), number, '[' + count if count else '')
    declare += 'extern __typeof__(((%s *)0)->%s) %s;\n' % (struct, name, number)
    return declare.replace('\n', ' ') + equal('__builtin_offsetof(%s, %s)' % (struct, name), offset).strip() \
        + ' ' + equal('sizeof(((%s *)0)->%s)' % (struct, name), size)


# --- functions ---------------------------------------------------------------------------------------------------

HEADERS = ['sel4/sel4.h', 'sel4/sel4_arch/mapping.h']


def parameters(row):
    return [p.strip() for p in row['parameters_in_order'].split(';')]


def type_of(parameter):
    """`const char *name` -> `const char *`; `void (*f) (void *)` -> `void (*)(void *)`."""
    if '(*' in parameter:
        return re.sub(r'\(\*\w+\)', '(*)', parameter)
    return parameter if parameter == 'void' else re.sub(r'\w+$', '', parameter).strip()


def functions():
    for condition, rows in grouped(facts.table('functions'), lambda r: r['condition']):
        lines = ['extern %s (*const check_%s)(%s); %s (*const check_%s)(%s) = %s;\n'
                 % ((r['returns'], r['name'], ', '.join(map(type_of, parameters(r)))) * 2 + (r['name'],))
                 for r in rows]
        yield unit('function types (%s)' % condition, HEADERS, lines, facts.options_of(condition))
    base = [r for r in facts.table('functions') if r['condition'] in ('always', 'CONFIG_KERNEL_MCS')]
    for header, rows in grouped(base, lambda r: r['header']):
        yield unit('functions by %s alone' % header, [header],
                   ['typedef __typeof__(&%s) check_%s;\n' % (r['name'], r['name']) for r in rows])


def squeeze(text):
    text = re.sub(r'__attribute__\s*\(\(.*?\)\)\s*(?=[\w{;])', '', text)
    return re.sub(r'\s*([(),*;{}])\s*', r'\1', re.sub(r'\s+', ' ', text))


def signature_texts():
    """For each configuration, `type name(type name, ...)` of all functions in it, as the table spells them."""
    for condition, rows in grouped(facts.table('functions'), lambda r: r['condition']):
        yield facts.flags(facts.options_of(condition)), \
            ['%s %s(%s)' % (r['returns'], r['name'], ', '.join(parameters(r))) for r in rows
             if '(*' not in r['parameters_in_order']]


# --- what headers.tsv says of each header --------------------------------------------------------------------------

DECLARED = re.compile(r'(?<![\w/.])(enum )?((?:seL4|SEL4|LIBSEL4)_\w+(?![\w*/])|CONST|PURE|api_object_t|object_t|'
                      r'arm_sys_\w+|entry_type_t|kernel_entry_t|benchmark_track_kernel_entry_t|'
                      r'benchmark_tracepoint_log_entry_t|__sel4_ipc_buffer|__assert_fail|'
                      r'(?<=enum )\w+)(?![\w*./])')


def declarations():
    for row in facts.table('headers'):
        text = row['declares'].replace('seL4_Int8..64', 'seL4_Int8, seL4_Int16, seL4_Int32, seL4_Int64') \
            .replace('seL4_Uint8..64', 'seL4_Uint8, seL4_Uint16, seL4_Uint32, seL4_Uint64')
        text = text.replace('seL4_BootInfoFrameBits/Size', 'seL4_BootInfoFrameBits, seL4_BootInfoFrameSize')
        text = re.sub(r'constants;.*|includes \S+', '', text) if 'empty' in row['declares'] else text
        names = {(m.group(1) or '') + m.group(2) for m in DECLARED.finditer(text)}
        lines = ['#ifndef %s\ntypedef __typeof__(%s) *check_%s;\n#endif\n' % (n.split()[-1], n, n.split()[-1])
                 for n in sorted(names)]
        if lines:
            options = [o for o in facts.OPTIONS if 'BENCHMARK' in o or 'TRACE' in o]
            yield unit('declared by ' + row['header'], [row['header']], lines,
                       options if 'benchmark' in row['header'] else [])


# --- old names ---------------------------------------------------------------------------------------------------

def legacy():
    for where, rows in grouped(facts.table('legacy_names'), lambda r: r['header_in_16_0_0'] != 'no'):
        lines, virtual = [], []
        for r in rows:
            line = legacy_line(r)
            if line:
                (virtual if 'HYPERVISOR' in r['remark'] and 'only with' in r['remark'] else lines).append(line)
        header = 'sel4/sel4.h' if where else 'sel4/legacy.h'
        yield unit('old names by ' + header, [header], lines)
        if virtual:
            yield unit('old names by %s, hypervisor' % header, [header], virtual, ['CONFIG_ARM_HYPERVISOR_SUPPORT'])
    slides = {'PageGlobalDirectoryObject': 8, 'seL4_PageObject': 9, 'seL4_Default_VMAttributes': 3,
              'seL4_ARCH_Default_VMAttributes': 3, 'seL4NilData': 0}
    yield unit('slide names', ['sel4/legacy.h'], [equal(n, str(v)) for n, v in slides.items()] + [
        'typedef __typeof__(&seL4_ARCH_Page_%s) check_%s;\n' % (n, n) for n in ('Map', 'Unmap')])


def legacy_line(row):
    old, new, kind = row['old_name'], row['new_name'], row['kind']
    if old == 'SEL4_OFFSETOF':
        return 'CHECK(SEL4_OFFSETOF(seL4_IPCBuffer, userData) == 968);\n'
    if old == 'seL4_PageFaultIpcRegisters':
        return 'CHECK(sizeof(((%s *)0)->raw) == 4 * 8 && __builtin_offsetof(%s, regs.fsr) == 24);\n' % (old, old)
    if old == 'seL4_AsyncEndpointObject':
        return 'typedef __typeof__(%s) *old_%s;\n' % (old, old)  # a variable; behaviour.c has its value
    if new == '-':
        return None  # removed without a replacement
    if kind == 'type':
        return 'extern %s old_%s; extern %s old_%s;\n' % (new, old, old, old)
    if kind == 'function':
        if not re.fullmatch(r'\w+', new) or old == 'seL4_SchedControl_Configure' or old.startswith('seL4_is') \
                or old.startswith('seL4_ExceptIPC'):
            return 'typedef __typeof__(&%s) old_%s;\n' % (old, old)
        return 'extern __typeof__(&%s) old_%s; extern __typeof__(&%s) old_%s;\n' % (new, old, old, old)
    return 'CHECK((long long)(%s) == (long long)(%s));\n' % (old, new)


def kernel_labels():
    """The kernel has its own names for labels: LABEL_VSPACE_CLEAN_DATA is ARMVSpaceClean_Data."""
    with open(os.path.join(facts.TABLES, '..', '..', '..', 'kernel', 'invoke', 'labels.h')) as f:
        kernel = {n.replace('_', '')[5:]: n for n in re.findall(r'\bLABEL_\w+', f.read())}
    lines = []
    for r in facts.table('invocations'):
        if r['kind'] == 'label' and r['number'] != '-':
            plain = re.sub('^ARM', '', r['label']).replace('_', '').upper()
            ours = kernel.get(plain, 'LABEL_' + plain)
            lines.append('CHECK((long long)%s == (long long)%s);\n' % (ours, r['label']))
    yield unit('labels of the kernel', ['sel4/invocation.h', 'invoke/labels.h'], lines)


def all_units():
    for maker in (constants, configuration, enumerations, structures, functions, declarations, legacy,
                  kernel_labels):
        yield from maker()


# --- files for other build systems -----------------------------------------------------------------------------------

def data_files(include):
    """(name, rows, error text): JSON and YAML against the tables."""
    labels = {r['label']: int(r['number']) for r in facts.table('invocations')
              if r['kind'] == 'label' and r['number'] not in '-0'}
    yield 'invocations_all.json', len(labels), difference(read_json(include, 'generated/invocations_all.json'), labels)
    keys = {r['key (without CONFIG_)']: r for r in facts.table('gen_config_keys')}
    for header in ('kernel/gen_config', 'sel4/gen_config'):
        values = read_json(include, header + '.json')
        wanted = {r['name'][7:]: r['value_debug_sel4test'] for r in facts.table('constants')
                  if r['header'] == header + '.h'}
        wanted.update((n, machine_value(keys.get(n))) for n in values if n not in wanted)
        found = {n: ('1' if v else 'undefined') if isinstance(v, bool) else v for n, v in values.items()}
        yield header + '.json', len(wanted), difference(found, wanted)
        with open(os.path.join(include, header + '.yaml')) as f:
            yaml = dict(line.rstrip('\n').split(': ', 1) for line in f)
        yield header + '.yaml', len(yaml), difference({n: json.loads(v) for n, v in yaml.items()}, values)


def machine_value(row):
    """What a key without a line in the header has; one that no table knows, of another machine, is false."""
    if row is None:
        return 'undefined'
    value = json.loads(row['reference value, qemu-arm-virt EL1 MCS debug'])
    return ('1' if value else 'undefined') if row['type'] == 'bool' else value


def read_json(include, name):
    with open(os.path.join(include, name)) as f:
        return json.load(f)


def difference(found, wanted):
    return '\n'.join('error: %s is %s, expected %s' % (n, found.get(n), wanted.get(n))
                     for n in sorted(set(found) | set(wanted)) if found.get(n) != wanted.get(n))


# Wrong inputs that the checks must refuse, otherwise they check nothing.
WRONG = [
    (PRELUDE % 'sel4/sel4.h' + equal('seL4_TCBBits', '12'), 'a wrong constant'),
    (PRELUDE % 'sel4/sel4.h' + 'enum { UntypedRetype };\n', 'a name that should be absent'),
    (PRELUDE % 'sel4/sel4.h' + field('seL4_BootInfo', 'empty', 'seL4_SlotRegion', '48', '16'), 'a wrong offset'),
    (PRELUDE % 'sel4/sel4.h' + field('seL4_BootInfo', 'ipcBuffer', 'seL4_Word', '32', '8'), 'a wrong field type'),
    (PRELUDE % 'sel4/sel4.h' + 'extern void (*const f)(seL4_CPtr, seL4_Word); '
     'void (*const f)(seL4_CPtr, seL4_Word) = seL4_Signal;\n', 'a wrong function type'),
    (PRELUDE % 'sel4/sel4.h' + 'int f(void) { return 0; }\nstatic int g(void) { return 0; }\n', 'a warning'),
    ('#include <sel4/no_such_header.h>\n', 'a missing header'),
]
