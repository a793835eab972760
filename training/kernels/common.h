// Helpers of the C kernels. Activations are bf16 (uint16_t); the residual stream and all sums are fp32.
#pragma once
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// Documents begin at multiples of CHUNK tokens; RWKV-7's state at the end of each chunk is saved for the backward pass.
#define CHUNK 16
#define ALIGNED __attribute__((aligned(64)))

typedef uint16_t bf16;

static inline float from_bf16(bf16 b) {
    uint32_t u = (uint32_t)b << 16;
    float f;
    memcpy(&f, &u, 4);
    return f;
}

static inline bf16 to_bf16(float f) {
    uint32_t u;
    memcpy(&u, &f, 4);
    return (bf16)((u + 0x7fff + ((u >> 16) & 1)) >> 16);
}

static inline float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }

// starts [B, T / CHUNK]: 1 where a document begins, so that the state is reset.
static inline int starts_here(const uint8_t *starts, int b, int t, int T) {
    return t % CHUNK == 0 && starts[b * (T / CHUNK) + t / CHUNK];
}

// Sixteen floats. gcc maps them to the machine's registers, and keeps small arrays of them in registers.
typedef float lanes __attribute__((vector_size(64)));
#define LANES 16

static inline float lanes_sum(lanes v) {
    typedef float half __attribute__((vector_size(32)));
    typedef float quarter __attribute__((vector_size(16)));
    half low, high;
    memcpy(&low, &v, 32), memcpy(&high, (const char *)&v + 32, 32);
    half h = low + high;
    quarter a, b;
    memcpy(&a, &h, 16), memcpy(&b, (const char *)&h + 16, 16);
    quarter q = a + b;
    return (q[0] + q[2]) + (q[1] + q[3]);
}
