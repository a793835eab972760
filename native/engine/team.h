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

// Work is cut into units, and each thread takes the next unit that nobody has: one that the system lets wait, because
// something else needs the processor, finds less left when it comes, and the others do not wait for it.
class Team {
  public:
    // The thread that calls `each` is one of them.
    explicit Team(int threads);
    ~Team();
    Team(const Team &) = delete;

    int threads() const { return (int)workers_.size() + 1; }

    // body(unit) for every unit from 0 up to `count`, in any order; returns when all are done. Called by two threads at
    // once, it lets one of them work alone.
    template <typename Body> void each(int count, const Body &body) {
        if (workers_.empty() || count == 1 || is_taken_.exchange(true, std::memory_order_acquire)) {
            for (int unit = 0; unit < count; unit++) body(unit);
            return;
        }
        share(count, [](const void *of, int unit) { (*static_cast<const Body *>(of))(unit); }, &body);
        is_taken_.store(false, std::memory_order_release);
    }

  private:
    typedef void (*Call)(const void *body, int unit);

    void share(int count, Call call, const void *body);
    void take_units();
    void serve();
    bool is_anything_left() const;

    // How many units there are, and the next one that nobody has taken: (count << 32) + next.
    std::atomic<uint64_t> units_{0};
    std::atomic<int> done_{0};
    std::atomic<bool> is_taken_{false};
    Call call_ = nullptr; // written before `units_`
    const void *body_ = nullptr;

    std::mutex mutex_;
    std::condition_variable wake_;
    std::atomic<int> sleeping_{0};
    bool is_ending_ = false;
    std::vector<std::thread> workers_;
};
