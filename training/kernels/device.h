// Helpers of the CUDA kernels. nvcc compiles them for a GPU, or g++ with emulated.h for tests without a GPU.
#pragma once
#include <stdint.h>
#ifdef __CUDACC__
#define LAUNCH(kernel, grid, threads, stream, ...) \
    (kernel<<<grid, threads, 0, (cudaStream_t)(stream)>>>(__VA_ARGS__), (int)cudaGetLastError())
#else
#include "emulated.h"
#endif

#define CHUNK 16 // documents begin at multiples of it; as in common.h

typedef uint16_t bf16;

// Accesses the bits of a float.
union Bits {
    float number;
    uint32_t bits;
};

__device__ inline float from_bf16(bf16 b) {
    Bits z;
    z.bits = (uint32_t)b << 16;
    return z.number;
}

__device__ inline bf16 to_bf16(float f) {
    Bits z;
    z.number = f;
    return (bf16)((z.bits + 0x7fff + ((z.bits >> 16) & 1)) >> 16);
}

// starts [B, T / CHUNK]: 1 where a document begins.
__device__ inline bool starts_here(const uint8_t *starts, int b, int t, int T) {
    return t % CHUNK == 0 && starts[b * (T / CHUNK) + t / CHUNK];
}
