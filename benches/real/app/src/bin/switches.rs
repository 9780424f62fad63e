//! What a switch from one process to another costs in effect.
//!
//! Two processes on one core pass a byte to and fro over a pair of sockets, and each touches
//! its own memory at every turn. One process that passes the same bytes to itself and touches
//! the same memory does the same work without a switch; half the difference of a round is the
//! cost of one switch, with the caches that it spoils.
//!
//! Run it on one core: `taskset -c 0 switches`.

use std::env;
use std::error::Error;
use std::hint::black_box;
use std::io::{Read, Write, stdin, stdout};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Command, Stdio};
use std::time::Instant;

const ROUNDS: u32 = 20_000;
/// The line of the caches of common processors, in words.
const LINE: usize = 8;

/// Touches each line of the memory once.
fn work(memory: &mut [u64]) {
    for word in memory.iter_mut().step_by(LINE) {
        *word = word.wrapping_add(1);
    }
    black_box(memory);
}

fn memory(kib: usize) -> Vec<u64> {
    vec![1; (kib * 1024 / 8).max(1)]
}

/// The other process: it waits for a byte, works, and sends the byte back.
fn echo(kib: usize) -> Result<(), Box<dyn Error>> {
    let mut memory = memory(kib);
    let mut byte = [0];
    while stdin().lock().read(&mut byte)? == 1 {
        work(&mut memory);
        stdout().write_all(&byte)?;
        stdout().flush()?;
    }
    Ok(())
}

/// Microseconds of a round with two processes.
fn two(kib: usize) -> Result<f64, Box<dyn Error>> {
    let (mut socket, other) = UnixStream::pair()?;
    let mut child = Command::new(env::current_exe()?)
        .args(["--echo", &kib.to_string()])
        .stdin(Stdio::from(OwnedFd::from(other.try_clone()?)))
        .stdout(Stdio::from(OwnedFd::from(other)))
        .spawn()?;
    let mut memory = memory(kib);
    let mut byte = [0];
    let mut round = || -> Result<(), Box<dyn Error>> {
        socket.write_all(&byte)?;
        socket.read_exact(&mut byte)?;
        work(&mut memory);
        Ok(())
    };
    // The first one starts the other process.
    round()?;
    let start = Instant::now();
    for _ in 0..ROUNDS {
        round()?;
    }
    let took = start.elapsed();
    drop(socket);
    child.wait()?;
    Ok(took.as_secs_f64() * 1e6 / f64::from(ROUNDS))
}

/// Microseconds of the same work in one process.
fn one(kib: usize) -> Result<f64, Box<dyn Error>> {
    let (mut left, mut right) = UnixStream::pair()?;
    let (mut mine, mut other) = (memory(kib), memory(kib));
    let mut byte = [0];
    let start = Instant::now();
    for _ in 0..ROUNDS {
        left.write_all(&byte)?;
        right.read_exact(&mut byte)?;
        work(&mut other);
        right.write_all(&byte)?;
        left.read_exact(&mut byte)?;
        work(&mut mine);
    }
    Ok(start.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS))
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [flag, kib] = arguments.as_slice()
        && flag == "--echo"
    {
        return echo(kib.parse()?);
    }
    println!("memory_kib,round_one_process_us,round_two_processes_us,switch_us");
    for kib in [0, 16, 64, 256, 1024] {
        let (one, two) = (one(kib)?, two(kib)?);
        println!("{kib},{one:.2},{two:.2},{:.2}", (two - one) / 2.0);
    }
    Ok(())
}
