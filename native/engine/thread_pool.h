// A few threads that share one piece of work at a time.
#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

// While it lives, numbers too small for full precision count as zero on its thread: decayed states are full of them, and
// a processor takes a hundred times as long over each.
class FlushDenormals {
  public:
    FlushDenormals();
    ~FlushDenormals();
    FlushDenormals(const FlushDenormals &) = delete;

  private:
    uint64_t before_;
};

// Work is cut into units, and each thread takes the next ones that nobody has, fewer and fewer: one that the system lets
// wait, because something else needs the processor, finds less left when it comes, and the others do not wait for it.
// Taking is what threads on distant processors pay for, a quarter of a microsecond each time; so none goes one by one while much is left.
class ThreadPool {
  public:
    // The thread that calls `each` is one of them.
    explicit ThreadPool(int threads);
    ~ThreadPool();
    ThreadPool(const ThreadPool &) = delete;

    // body(unit) for every unit from 0 up to `count`, in any order; returns when all are done. Called by two threads at
    // once, it lets one of them work alone.
    template <typename Body> void parallel_for(int count, const Body &body) {
        parallel_ranges(count, [&](int first, int last) {
            for (int unit = first; unit < last; unit++) body(unit);
        });
    }

    // body(first, last) for the units from `first` up to `last`, which together are all of them.
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

    const int threads_; // as were asked for

    // How many units there are, and the next one that nobody has taken: (count << 32) + next. With what is to be done to
    // them, which is written before, it is in one cache line, and what is written meanwhile in others.
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
