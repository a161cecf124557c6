/* SPDX-License-Identifier: BSD-2-Clause */
/* The page as it is sent (page.S, from page.html). */
#pragma once

extern const char page_text[], page_text_end[];
