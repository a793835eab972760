// Runs CUDA kernels on a processor: the blocks of a grid one after the other, the threads of a block as real threads
// with barriers. It is slow, and only for tests: of what a kernel computes and, with -fsanitize=thread, of data races.
#pragma once
#include <barrier>
#include <cmath>
#include <thread>
#include <vector>

#define __global__
#define __device__
#define __shared__ static // one block at a time
#define __launch_bounds__(threads)

struct float4 {
    float x, y, z, w;
};

struct Place {
    int x, y;
};
inline thread_local Place threadIdx, blockIdx;
inline std::barrier<> *together;

inline void __syncthreads() { together->arrive_and_wait(); }

typedef Place dim3;

template <typename Kernel>
int run_grid(dim3 grid, int threads, Kernel kernel) {
    for (int y = 0; y < grid.y; y++)
        for (int x = 0; x < grid.x; x++) {
            std::barrier<> barrier(threads);
            together = &barrier;
            std::vector<std::thread> running;
            for (int i = 0; i < threads; i++)
                running.emplace_back([=] {
                    threadIdx = {i, 0};
                    blockIdx = {x, y};
                    kernel();
                });
            for (auto &thread : running) thread.join();
        }
    return 0;
}

#define LAUNCH(kernel, grid, threads, stream, ...) ((void)(stream), run_grid(grid, threads, [=] { kernel(__VA_ARGS__); }))
