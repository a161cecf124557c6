# SPDX-License-Identifier: BSD-2-Clause
"""The fact tables, and the configurations in which their rows hold."""

import csv
import os
import re

TABLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..', 'docs', 'spec', 'tables')

# Options that are off in both kernels and only shape declarations.
OPTIONS = ['CONFIG_ARM_HYPERVISOR_SUPPORT', 'CONFIG_HARDWARE_DEBUG_API', 'CONFIG_ARM_SMMU', 'CONFIG_TK1_SMMU',
           'CONFIG_ENABLE_BENCHMARKS', 'CONFIG_BENCHMARK_TRACK_UTILISATION', 'CONFIG_BENCHMARK_TRACK_KERNEL_ENTRIES',
           'CONFIG_KERNEL_INVOCATION_REPORT_ERROR_IPC', 'CONFIG_DANGEROUS_CODE_INJECTION',
           'CONFIG_SET_TLS_BASE_SELF', 'CONFIG_ALLOW_SMC_CALLS', 'CONFIG_MAX_NUM_TRACE_POINTS']
ALWAYS_ON = ['CONFIG_KERNEL_MCS', 'CONFIG_PRINTING', 'CONFIG_DEBUG_BUILD']


def table(name):
    with open(os.path.join(TABLES, name + '.tsv'), newline='') as f:
        return list(csv.DictReader(f, delimiter='\t', quoting=csv.QUOTE_NONE))


def flags(options):
    return ['-D%s=1' % o for o in options]


def options_of(condition):
    """Options to switch on, beyond the base, for a row to hold; None if no kernel of ours can have them."""
    wanted = []
    if condition in ('always', 'config'):
        return wanted
    for term in re.split(r'&&| or ', condition):
        term = term.strip()
        if term == '!CONFIG_KERNEL_MCS':
            return None
        if not term.startswith('!') and term not in ALWAYS_ON:
            wanted.append(term)
    return wanted


def number(text):
    """A cell as a C expression of type long long, None if it is no number."""
    return text + 'll' if re.fullmatch(r'-?\d+', text) else None
