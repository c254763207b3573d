//! What this process has used.

#[repr(C)]
struct ResourceUsage {
    user: [i64; 2],
    system: [i64; 2],
    rest: [i64; 14],
}

extern "C" {
    fn getrusage(who: i32, usage: *mut ResourceUsage) -> i32;
}

pub fn cpu_seconds() -> f64 {
    let mut usage = ResourceUsage { user: [0; 2], system: [0; 2], rest: [0; 14] };
    assert_eq!(unsafe { getrusage(0, &mut usage) }, 0);
    let seconds = |time: [i64; 2]| time[0] as f64 + time[1] as f64 / 1e6;
    seconds(usage.user) + seconds(usage.system)
}

/// Not ru_maxrss, which begins with that of the process that started this one.
pub fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("/proc/self/status");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("VmHWM");
    let kilobytes: u64 = line.split_whitespace().nth(1).expect("VmHWM has a figure").parse().expect("a number");
    kilobytes / 1024
}
