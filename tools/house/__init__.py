# SPDX-License-Identifier: BSD-2-Clause
"""What tools/check-house is made of: sources (files and functions), floors, metrics, owners."""
