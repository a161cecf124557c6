/* SPDX-License-Identifier: BSD-2-Clause */
/* The system's side of the class "block" (os/device/block.h) against drivers that die and lie. */
#pragma once

void test_client_order(void);
void test_client_deaths(void);
void test_client_lies(void);
void test_client_hangs(void);
void test_client_short(void);
void test_client_gone(void);
