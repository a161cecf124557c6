// SPDX-License-Identifier: BSD-2-Clause
//! A root task in Rust, without crates: makes a notification out of untyped memory, signals it and waits for it.
//!
//! Types, numbers and labels are what bindgen makes of the API's headers; the calls are inline functions of C there, so they are
//! written down here.  Tessera's start code calls `main`; its libraries can be called like any others of C.
#![no_std]
#![no_main]

use core::arch::asm;
use core::fmt::{self, Write};

#[allow(dead_code, non_camel_case_types, non_snake_case, non_upper_case_globals)]
mod sel4 {
    include!(concat!(env!("BUILD_DIR"), "/sel4.rs"));
}

/// The types of C on this machine, for bindgen.
#[allow(dead_code, non_camel_case_types)]
mod c {
    pub type c_char = u8;
    pub type c_schar = i8;
    pub type c_uchar = u8;
    pub type c_short = i16;
    pub type c_ushort = u16;
    pub type c_int = i32;
    pub type c_uint = u32;
    pub type c_long = i64;
    pub type c_ulong = u64;
}

const WORDS: usize = 4; // of a message, in registers

/// A system call: the registers that it takes and gives; what follows in a message is in the IPC buffer.
fn syscall(number: i64, object: u64, info: u64, message: &mut [u64; WORDS]) -> (u64, u64) {
    let (badge, answer);

    unsafe {
        asm!("svc #0", in("x7") number, inlateout("x0") object => badge, inlateout("x1") info => answer,
             inlateout("x2") message[0], inlateout("x3") message[1], inlateout("x4") message[2], inlateout("x5") message[3],
             in("x6") 0u64, options(nostack));
    }
    (badge, answer)
}

/// seL4_MessageInfo: label, capabilities, words.
fn message_info(label: u64, caps: u64, words: u64) -> u64 {
    label << 12 | caps << 7 | words
}

struct Console;

impl Write for Console {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            syscall(sel4::seL4_SysDebugPutChar.into(), byte.into(), 0, &mut [0; WORDS]);
        }
        Ok(())
    }
}

/// One object in the slot `slot` of the root task's CNode.
fn retype(info: &mut sel4::seL4_BootInfo, untyped: u64, kind: u64, slot: u64) -> u64 {
    let root = sel4::seL4_CapInitThreadCNode.into();

    unsafe {
        (*info.ipcBuffer).msg[4] = slot;
        (*info.ipcBuffer).msg[5] = 1;
        (*info.ipcBuffer).caps_or_badges[0] = root;
    }
    syscall(sel4::seL4_SysCall.into(), untyped, message_info(sel4::UntypedRetype.into(), 1, 6), &mut [kind, 0, 0, 0]).1 >> 12
}

extern "C" {
    fn start_bootinfo() -> *mut sel4::seL4_BootInfo;
}

#[no_mangle]
pub extern "C" fn main() -> i32 {
    let info = unsafe { &mut *start_bootinfo() };
    let many = (info.untyped.end - info.untyped.start) as usize;
    let ram = info.untypedList[..many].iter().position(|u| u.isDevice == 0 && u.sizeBits >= 12).expect("untyped memory");
    let slot = info.empty.start;
    let error = retype(info, info.untyped.start + ram as u64, sel4::seL4_NotificationObject.into(), slot);
    assert_eq!(error, sel4::seL4_NoError.into(), "no notification");

    syscall(sel4::seL4_SysSend.into(), slot, message_info(0, 0, 0), &mut [0; WORDS]);
    let (badge, _) = syscall(sel4::seL4_SysWait.into(), slot, 0, &mut [0; WORDS]);
    writeln!(Console, "rust: {many} untypeds, signalled and waited, badge {badge}").unwrap();
    0
}

#[panic_handler]
fn panic(why: &core::panic::PanicInfo) -> ! {
    let _ = writeln!(Console, "rust: {why}");
    loop {
        syscall(sel4::seL4_SysYield.into(), 0, 0, &mut [0; WORDS]);
    }
}

/// What a prebuilt `core` asks for; nothing unwinds here.
#[no_mangle]
pub extern "C" fn rust_eh_personality() {}
