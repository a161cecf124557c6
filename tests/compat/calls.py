# SPDX-License-Identifier: BSD-2-Clause
"""Programs that run every stub and every bitfield accessor, made from the tables."""

import re

import facts

HEAD = '#include "check.h"\n\n'
RESULT_NAMES = {'physical address': 'paddr', 'resulting flags': 'flags'}
STRUCTS = {'seL4_UserContext': 36, 'seL4_ARM_SMCContext': 8}


# --- stubs -------------------------------------------------------------------------------------------------------

def arguments(row):
    return [re.fullmatch(r'(.*?)\s*(\w+)', p.strip()).groups() for p in row['parameters_in_order'].split(';')]


def sample(index, kind, name, turn):
    """(C argument, value of the word that must arrive, width): all arguments of a call differ."""
    if kind == 'seL4_Bool':
        bit = (index + 1) >> turn & 1
        return '(seL4_Bool)%d' % (2 | bit), bit
    if kind == 'seL4_Uint8':
        return '(seL4_Uint8)%d' % (0x90 + index), 0x90 + index
    if kind == 'seL4_Uint16':
        return '(seL4_Uint16)%d' % (0xb000 + index), 0xb000 + index
    if kind == 'seL4_CapRights_t':
        return 'seL4_CapRights_new(1, 0, 1, 0)', 0xa
    if kind == 'seL4_ARM_VMAttributes':
        return '(seL4_ARM_VMAttributes)5', 5
    if kind == 'seL4_VCPUReg':
        return 'seL4_VCPUReg_VBAR', 14
    if kind.endswith('*'):
        return '&' + name, None
    if name == 'count':
        return '36ul', 36
    return '0x%xul' % (0xc0de000000000000 + index), 0xc0de000000000000 + index


def expected_words(layout, values):
    """Message register -> C expression, from a cell such as `0: irq interrupt number<br>1: bit 0 x, bits 15:8 y`."""
    words = {}
    if layout['message_words'] == '-':
        return words
    for cell in layout['message_words'].split('<br>'):
        number, text = cell.split(': ', 1)
        struct = re.match(r'(\w+) (?:word (\d+)|x(\d))', text)
        if re.match(r'bits? \d', text):
            word = 0
            for high, low, name in re.findall(r'(?:bits? )?(\d+)(?::(\d+))? (\w+)', text):
                word |= values[name] << int(low or high)
            words[int(number)] = '0x%xul' % word
        elif struct and struct.group(1) in ('regs', 'smc_args'):
            words[int(number)] = '((seL4_Word *)&%s)[%s]' % (struct.group(1), struct.group(2) or struct.group(3))
        else:
            words[int(number)] = '0x%xul' % values[text.split()[0]]
    if 'from here on' in layout['message_words']:
        words.update({i: '((seL4_Word *)&regs)[%d]' % (i - 2) for i in range(2, int(layout['words']))})
    return words


def expected_results(layout):
    """[(field, message register, one bit only)], or [(structure, words)] for a structure."""
    cell = layout['reply_words']
    if cell == '-' or 'count' in cell or 'x0-x7' in cell:
        return []
    found = []
    for part in cell.split(', '):
        number, text = part.split(': ', 1)
        name = RESULT_NAMES.get(text, text.split()[0])
        found.append((name, int(number), '(bit 0)' in text))
    return found


def stub(row, layout, turn, error):
    """One function of the test program: one call of one stub."""
    args = arguments(row)
    samples = {name: sample(i, kind, name, turn) for i, (kind, name) in enumerate(args)}
    values = {name: value for name, (_, value) in samples.items()}
    out = ['        fresh(1, %d, 5);' % (4 if error else 0)]
    for kind, name in args:
        if kind.endswith('*'):
            base = kind.rstrip(' *')
            out.append('        static %s %s;' % (base, name))
            out.append('        for (int i = 0; i < %d; i++)' % STRUCTS[base])
            out.append('                ((seL4_Word *)&%s)[i] = 0x7e570000u + (seL4_Word)i;' % name)
    out.append('        %s r = %s(%s);' % (row['returns'], row['name'], ', '.join(s for s, _ in samples.values())))
    words = expected_words(layout, values)
    caps = [] if layout['extra_caps'] == '-' else [c.split(': ')[1] for c in layout['extra_caps'].split('<br>')]
    out += ['        CHECK(kernel.calls, 1);', '        CHECK(kernel.in[7], -1);', '        CHECK(kernel.in[6], 0);',
            '        CHECK(kernel.in[0], 0x%xul);' % values['_service'],
            '        CHECK(kernel.in[1], (seL4_Word)%s << 12 | %dul << 7 | %s);'
            % (layout['label'], len(caps), layout['words'])]
    for i in range(max([4] + [n + 1 for n in words])):
        place = 'kernel.in[%d]' % (2 + i) if i < 4 else 'kernel.buffer.msg[%d]' % i
        out.append('        CHECK(%s, %s);' % (place, words.get(i, '0')))
    out += ['        CHECK(kernel.buffer.caps_or_badges[%d], 0x%xul);' % (i, values[c]) for i, c in enumerate(caps)]
    out += after(row, layout, args, error)
    return ['static void %s_%d%s(void)' % (row['name'], turn, 'e' if error else ''), '{'] + out + ['}', '']


def after(row, layout, args, error):
    """What the stub makes of the answer."""
    code = 'r' if row['returns'] == 'seL4_Error' else 'r.error'
    out = ['        CHECK(%s, %d);' % (code, 4 if error else 0)]
    # the details of an error are in the buffer; otherwise the buffer's first words are left alone
    out += ['        CHECK(seL4_GetMR(%d), %s);' % (i, hex((0xa0 if error else 0x5000) + i)) for i in range(4)]
    for name, register, one_bit in [] if error else expected_results(layout):
        out.append('        CHECK(r.%s, %d);' % (name, (0xa0 + register) & 1 if one_bit else 0xa0 + register))
    for kind, name in args:
        filled = name == 'smc_response' or (name == 'regs' and row['name'] == 'seL4_TCB_ReadRegisters')
        if kind.endswith('*'):
            start = 0xa0 if filled and not error else 0x7e570000
            out.append('        for (int i = 0; i < %d; i++)' % STRUCTS[kind.rstrip(' *')])
            out.append('                CHECK(((seL4_Word *)&%s)[i], 0x%x + i);' % (name, start))
    return out


def stubs(smp):
    """The program for all stubs that exist with all options on, with or without several cores."""
    layouts = {r['function']: r for r in facts.table('layouts')}
    out, names = [HEAD], []
    for row in facts.table('functions'):
        if row['kind'] != 'invocation':
            continue
        if 'ENABLE_SMP' in row['condition'] and (row['condition'][0] != '!') != bool(smp):
            continue
        turns = 3 if 'seL4_Bool' in row['parameters_in_order'] else 1  # booleans need three to tell them apart
        for turn, error in [(0, True)] + [(t, False) for t in range(turns)]:
            out.append('\n'.join(stub(row, layouts[row['name']], turn, error)))
            names.append('%s_%d%s' % (row['name'], turn, 'e' if error else ''))
    calls = ''.join('        %s();\n' % n for n in names)
    return '\n'.join(out) + '\nint main(void)\n{\n%s        return check_end();\n}\n' % calls


# --- bitfields -----------------------------------------------------------------------------------------------------

def types():
    """Type or kind -> (prefix of the functions, C type, tag name, fields in the order of the table)."""
    found = {}
    for r in facts.table('bitfields'):
        name, _, kind = r['type'].partition(':')
        if not name.endswith('_t') or r['field'] == 'seL4_FaultType':
            continue
        base = name[:-2]
        prefix = base + '_' + kind if kind else base
        entry = found.setdefault(r['type'], (prefix, name, prefix if kind else None, []))
        entry[3].append((r['field'], int(r['word']), int(r['low_bit']), int(r['width'])))
    return found.values()


def one_field(prefix, ctype, tag, fields, at):
    """Checks of one field: alone in new, in set and in the pointer forms, with ones everywhere else."""
    name, word, low, width = fields[at]
    top = (1 << width) - 1
    ones = ', '.join(hex((1 << f[3]) - 1) + 'ul' for f in fields)
    alone = ', '.join(hex(top) + 'ul' if i == at else '0' for i in range(len(fields)))
    value = '0x%xul' % (top << low)
    tag_of = '((seL4_Word)%s)' % tag if tag else '0'
    others = '0x%xul' % (((1 << 64) - 1) & ~(top << low))
    return '''        {
                %(ctype)s a = %(prefix)s_new(%(alone)s), b = %(prefix)s_new(%(ones)s), c;
                memset(&c, 0xff, sizeof c);
                %(prefix)s_ptr_new(&c, %(alone)s);
                for (unsigned i = 0; i < sizeof a / sizeof a.words[0]; i++) {
                        seL4_Word expected = (i == %(word)d ? %(value)s : 0) | (i == 0 ? %(tag)s : 0);
                        CHECK(a.words[i], expected);
                        CHECK(c.words[i], expected);
                }
                CHECK(%(prefix)s_get_%(name)s(a), 0x%(top)xul);
                CHECK(%(prefix)s_ptr_get_%(name)s(&b), 0x%(top)xul);
                c = %(prefix)s_set_%(name)s(b, 0);
                CHECK(c.words[%(word)d], b.words[%(word)d] & %(others)s);
                CHECK(%(prefix)s_get_%(name)s(c), 0);
                CHECK(%(prefix)s_get_%(name)s(b), 0x%(top)xul);
                %(prefix)s_ptr_set_%(name)s(&c, 0x%(top)xul);
                CHECK(memcmp(&b, &c, sizeof b), 0);
        }
''' % dict(ctype=ctype, prefix=prefix, alone=alone, ones=ones, word=word, value=value, tag=tag_of, name=name, top=top,
           others=others)


def bitfields():
    out = [HEAD, 'int main(void)\n{\n']
    for prefix, ctype, tag, fields in types():
        out += [one_field(prefix, ctype, tag, fields, i) for i in range(len(fields))]
        if tag:
            zeros = ', '.join('0' for _ in fields)
            out.append('''        {
                seL4_Fault_t a = %s_new(%s);
                CHECK(seL4_Fault_get_seL4_FaultType(a), %s);
                CHECK(seL4_Fault_ptr_get_seL4_FaultType(&a), %s);
                CHECK(seL4_Fault_seL4_FaultType_equals(a, %s), 1);
                CHECK(seL4_Fault_seL4_FaultType_equals(a, 15), 0);
        }
''' % (prefix, zeros, tag, tag, tag))
    out.append('        return check_end();\n}\n')
    return ''.join(out)
