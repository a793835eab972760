#include "thread_pool.h"

#include <system_error>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace {

// How many times a thread looks for work before it sleeps or yields. On x64 this takes up to about 50 microseconds,
// longer than the gaps between the tasks of a run, but shorter than the gaps between runs.
constexpr int kSpins = 1000;

// At a time, a thread takes 1 / kShares of its fair share of the remaining units, but at least one unit.
constexpr int kShares = 2;

void pause() {
#if defined(__x86_64__)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

} // namespace

#if defined(__x86_64__)

// Sets the flags "flush to zero" and "denormals are zero".
FlushDenormals::FlushDenormals() : before_(_mm_getcsr()) { _mm_setcsr((unsigned)before_ | 0x8040); }
FlushDenormals::~FlushDenormals() { _mm_setcsr((unsigned)before_); }

#elif defined(__aarch64__)

FlushDenormals::FlushDenormals() {
    asm volatile("mrs %0, fpcr" : "=r"(before_));
    asm volatile("msr fpcr, %0" : : "r"(before_ | 1u << 24));
}
FlushDenormals::~FlushDenormals() { asm volatile("msr fpcr, %0" : : "r"(before_)); }

#else

FlushDenormals::FlushDenormals() : before_(0) {}
FlushDenormals::~FlushDenormals() {}

#endif

ThreadPool::ThreadPool(int threads) : threads_(threads) {
    try {
        for (int i = 1; i < threads; i++) workers_.emplace_back([this] { work_loop(); });
    } catch (const std::system_error &) {
        return; // the system allows no more threads; the existing ones suffice
    }
}

ThreadPool::~ThreadPool() {
    {
        std::lock_guard<std::mutex> lock(mutex_);
        is_ending_ = true;
    }
    wake_.notify_all();
    for (std::thread &worker : workers_) worker.join();
}

void ThreadPool::share(int count, Call call, const void *body) {
    call_ = call, body_ = body;
    done_.store(0, std::memory_order_relaxed);
    units_.store((uint64_t)count << 32, std::memory_order_seq_cst);
    // Either this thread sees that a worker sleeps, or the worker sees the units before it goes to sleep.
    if (sleeping_.load(std::memory_order_seq_cst) > 0) {
        { std::lock_guard<std::mutex> lock(mutex_); }
        wake_.notify_all();
    }
    take_units();
    for (int spins = 0; done_.load(std::memory_order_acquire) < count; spins++) {
        if (spins < kSpins)
            pause();
        else
            std::this_thread::yield();
    }
}

// `call_` and `body_` are valid while a thread works on units that it has taken, because `share` returns only when all
// of them are counted as done.
void ThreadPool::take_units() {
    int done = 0;
    uint64_t units = units_.load(std::memory_order_seq_cst);
    while ((uint32_t)units < units >> 32) {
        const int next = (int)(uint32_t)units, left = (int)(units >> 32) - next, share = left / (kShares * threads_);
        const int taken = share > 1 ? share : 1;
        if (!units_.compare_exchange_weak(units, units + taken, std::memory_order_acq_rel)) continue;
        call_(body_, next, next + taken);
        done += taken;
        units = units_.load(std::memory_order_acquire);
    }
    if (done > 0) done_.fetch_add(done, std::memory_order_release);
}

bool ThreadPool::is_anything_left() const {
    const uint64_t units = units_.load(std::memory_order_seq_cst);
    return (uint32_t)units < units >> 32;
}

void ThreadPool::work_loop() {
    const FlushDenormals flush;
    for (;;) {
        int spins = 0;
        while (!is_anything_left() && ++spins < kSpins) pause();
        if (spins == kSpins) {
            std::unique_lock<std::mutex> lock(mutex_);
            sleeping_.fetch_add(1, std::memory_order_seq_cst);
            wake_.wait(lock, [this] { return is_ending_ || is_anything_left(); });
            sleeping_.fetch_sub(1, std::memory_order_relaxed);
            if (is_ending_) return;
        }
        take_units();
    }
}
