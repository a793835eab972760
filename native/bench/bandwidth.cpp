// Measures memory bandwidth: `bandwidth MIB THREADS` prints GB/s, the best of several passes over MIB mebibytes that
// are allocated like weights. Memory bandwidth bounds the decoding speed, because each token reads nearly all weights.
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

#include "../engine/arena.h"

namespace {

constexpr int kPasses = 7;

typedef uint64_t Words __attribute__((vector_size(64)));

// Eight independent sums, so that additions do not wait for each other.
uint64_t sum(const Words *from, size_t count) {
    Words sums[8] = {};
    for (size_t i = 0; i + 8 <= count; i += 8)
        for (int n = 0; n < 8; n++) sums[n] += from[i + n];
    uint64_t total = 0;
    for (const Words &words : sums)
        for (int n = 0; n < 8; n++) total += words[n];
    return total;
}

double seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace

int main(int count, char **arguments) {
    const int mebibytes = count > 1 ? atoi(arguments[1]) : 0, threads = count > 2 ? atoi(arguments[2]) : 0;
    if (mebibytes < 1 || threads < 1 || threads > 64) {
        fprintf(stderr, "usage: bandwidth MIB THREADS\n");
        return 2;
    }
    const size_t words = ((size_t)mebibytes << 20) / sizeof(Words), share = words / threads;
    Arena arena;
    Words *memory = reinterpret_cast<Words *>(arena.take(words * sizeof(Words)));
    for (size_t i = 0; i < words; i++) memory[i] = Words{} + i;
    // Small sizes are read several times per pass, so that starting threads takes little of the measured time.
    const int times = mebibytes < 1024 ? 1024 / mebibytes : 1;
    std::atomic<uint64_t> kept{0}; // so that the compiler does not remove the sums
    double best = 0;
    for (int pass = 0; pass < kPasses; pass++) {
        std::vector<std::thread> others;
        const double start = seconds();
        auto read = [&](int thread) {
            for (int time = 0; time < times; time++) kept += sum(memory + thread * share, share);
        };
        for (int thread = 1; thread < threads; thread++) others.emplace_back(read, thread);
        read(0);
        for (std::thread &other : others) other.join();
        const double rate = (double)share * threads * sizeof(Words) * times / (seconds() - start) / 1e9;
        if (rate > best) best = rate;
    }
    printf("%.2f\n", best);
    return kept == 1; // never true, but the compiler does not know that
}
