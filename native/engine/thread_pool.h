// A few threads that work on one task at a time.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

// While an object of this class exists, the processor treats denormal numbers as zero on the object's thread (only on
// x64 and arm64). Decayed states are full of denormals, and many processors are much slower with them.
class FlushDenormals {
  public:
    FlushDenormals();
    ~FlushDenormals();
    FlushDenormals(const FlushDenormals &) = delete;

  private:
    uint64_t before_;
};

// A task is divided into units. Each thread takes ranges of the remaining units, which become smaller towards the end.
// If the system deschedules a thread, the others take the remaining units and wait only for the units that this thread
// has taken already. Taking units costs time, most of all for threads on distant processors, so a thread takes many at
// a time while many are left.
class ThreadPool {
  public:
    // @param threads the number of threads, including the calling one.
    explicit ThreadPool(int threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool &) = delete;

    // Calls body(unit) for every unit in [0, count), in any order, and returns when all are done. If the pool is busy
    // with another thread's task, the calling thread does all units alone.
    template <typename Body> void parallel_for(int count, const Body &body) {
        parallel_ranges(count, [&](int first, int last) {
            for (int unit = first; unit < last; unit++) body(unit);
        });
    }

    // Calls body(first, last) for ranges [first, last) that together cover [0, count).
    template <typename Body> void parallel_ranges(int count, const Body &body) {
        if (workers_.empty() || count == 1 || is_taken_.exchange(true, std::memory_order_acquire)) {
            body(0, count);
            return;
        }
        auto call = [](const void *of, int first, int last) { (*static_cast<const Body *>(of))(first, last); };
        share(count, call, &body);
        is_taken_.store(false, std::memory_order_release);
    }

  private:
    typedef void (*Call)(const void *body, int first, int last);

    void share(int count, Call call, const void *body);
    void take_units();
    void work_loop();
    bool is_anything_left() const;

    const int threads_; // the requested number

    // (count << 32) + next, where `next` is the first unit that has not been taken. call_ and body_ are written before
    // units_ and share its cache line. Everything else that changes during a task is in other cache lines.
    alignas(64) std::atomic<uint64_t> units_{0};
    Call call_ = nullptr;
    const void *body_ = nullptr;
    alignas(64) std::atomic<int> done_{0};
    alignas(64) std::atomic<bool> is_taken_{false};

    std::mutex mutex_;
    std::condition_variable wake_;
    std::atomic<int> sleeping_{0};
    bool is_ending_ = false;
    std::vector<std::thread> workers_;
};
