/* SPDX-License-Identifier: BSD-2-Clause */
/* Included before everything: each access to a word that server and driver share is a moment at which the other one may run first. */
#pragma once

void moment(void);

#define __atomic_load_n(word, order)            (moment(), __atomic_load_n(word, order))
#define __atomic_store_n(word, value, order)    (moment(), __atomic_store_n(word, value, order))
#define __atomic_exchange_n(word, value, order) (moment(), __atomic_exchange_n(word, value, order))
