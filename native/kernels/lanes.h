// Vectors of sixteen floats or integers, in one register of 64 bytes, two of 32 or four of 16. This file is compiled
// once per instruction set, each time into a namespace of its own.
#pragma once
#include <cstdint>
#include <cstring>
#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "half_precision.h"

namespace RWKV_ISA {

#if defined(__AVX512F__)
constexpr int kRegisterBytes = 64;
#elif defined(__AVX2__)
constexpr int kRegisterBytes = 32;
#else
constexpr int kRegisterBytes = 16;
#endif
constexpr int kLanes = 16;
constexpr int kRegisters = 64 / kRegisterBytes;

#define INLINE static inline __attribute__((always_inline))
#define EACH_REGISTER _Pragma("GCC unroll 4") for (int n = 0; n < kRegisters; n++)

template <typename Number> struct sixteen {
    typedef Number part __attribute__((vector_size(kRegisterBytes)));
    part p[kRegisters];
};
typedef sixteen<float> lanes;
typedef sixteen<int32_t> ints;

INLINE lanes all(float value) {
    lanes v;
    EACH_REGISTER v.p[n] = lanes::part{} + value;
    return v;
}

INLINE ints all_ints(int32_t value) {
    ints v;
    EACH_REGISTER v.p[n] = ints::part{} + value;
    return v;
}

INLINE lanes load(const float *from) {
    lanes v;
    EACH_REGISTER memcpy(&v.p[n], from + n * kLanes / kRegisters, sizeof v.p[n]);
    return v;
}

INLINE lanes load(const Bf16 *from) {
    typedef uint16_t halves __attribute__((vector_size(kRegisterBytes / 2)));
    lanes v;
    EACH_REGISTER {
        halves upper;
        memcpy(&upper, from + n * kLanes / kRegisters, sizeof upper);
        ints::part bits = __builtin_convertvector(upper, ints::part) << 16;
        memcpy(&v.p[n], &bits, sizeof bits);
    }
    return v;
}

INLINE lanes load(const Fp16 *from) {
    lanes v;
    EACH_REGISTER {
        const Fp16 *part = from + n * kLanes / kRegisters;
#if defined(__AVX512F__)
        // The intrinsic without a mask causes a warning in a header of GCC 12.
        v.p[n] = (lanes::part)_mm512_maskz_cvtph_ps((__mmask16)-1, _mm256_loadu_si256((const __m256i *)part));
#elif defined(__AVX2__)
        v.p[n] = (lanes::part)_mm256_cvtph_ps(_mm_loadu_si128((const __m128i *)part));
#elif defined(__aarch64__)
        v.p[n] = (lanes::part)vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(&part->bits)));
#else
        for (int i = 0; i < kLanes / kRegisters; i++) v.p[n][i] = to_float(part[i]);
#endif
    }
    return v;
}

INLINE void store(float *to, const lanes &v) { EACH_REGISTER memcpy(to + n * kLanes / kRegisters, &v.p[n], sizeof v.p[n]); }

#define ARITHMETIC(op)                                  \
    INLINE lanes operator op(const lanes &a, const lanes &b) { \
        lanes v;                                        \
        EACH_REGISTER v.p[n] = a.p[n] op b.p[n];        \
        return v;                                       \
    }                                                   \
    INLINE lanes operator op(const lanes &a, float b) { \
        lanes v;                                        \
        EACH_REGISTER v.p[n] = a.p[n] op b;             \
        return v;                                       \
    }                                                   \
    INLINE lanes operator op(float a, const lanes &b) { \
        lanes v;                                        \
        EACH_REGISTER v.p[n] = a op b.p[n];             \
        return v;                                       \
    }
ARITHMETIC(+)
ARITHMETIC(-)
ARITHMETIC(*)
ARITHMETIC(/)
#undef ARITHMETIC

// a * b + c, with a single rounding if the instruction set has fused multiply-add.
INLINE lanes fma(const lanes &a, const lanes &b, const lanes &c) {
    lanes v;
    EACH_REGISTER v.p[n] = a.p[n] * b.p[n] + c.p[n];
    return v;
}

INLINE lanes max(const lanes &a, const lanes &b) {
    lanes v;
    EACH_REGISTER v.p[n] = a.p[n] > b.p[n] ? a.p[n] : b.p[n];
    return v;
}

INLINE lanes min(const lanes &a, const lanes &b) {
    lanes v;
    EACH_REGISTER v.p[n] = a.p[n] < b.p[n] ? a.p[n] : b.p[n];
    return v;
}

INLINE ints operator+(const ints &a, const ints &b) {
    ints v;
    EACH_REGISTER v.p[n] = a.p[n] + b.p[n];
    return v;
}

INLINE lanes as_floats(const ints &a) {
    lanes v;
    EACH_REGISTER v.p[n] = __builtin_convertvector(a.p[n], lanes::part);
    return v;
}

// Rounds to the nearest integer, ties to even, for values within ±2^22.
INLINE ints rounded(const lanes &v) {
    const lanes integers = (v + 12582912.0f) - 12582912.0f; // floats near 1.5 * 2^23 have no fraction
    ints result;
    EACH_REGISTER result.p[n] = __builtin_convertvector(integers.p[n], ints::part);
    return result;
}

// Stores values within ±127 as bytes.
#if defined(__AVX2__) && !defined(__AVX512F__)
INLINE void store_bytes(int8_t *to, const ints &v) {
    // These instructions work on each 128-bit lane separately: the order becomes 0-3, 8-11, 4-7, 12-15.
    const __m256i words = _mm256_packs_epi32((__m256i)v.p[0], (__m256i)v.p[1]);
    const __m128i bytes = _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    _mm_storeu_si128((__m128i *)to, _mm_shuffle_epi32(bytes, _MM_SHUFFLE(3, 1, 2, 0)));
}
#else // for AVX2, compilers generate slow code from this
INLINE void store_bytes(int8_t *to, const ints &v) {
    typedef int8_t bytes __attribute__((vector_size(kRegisterBytes / 4)));
    EACH_REGISTER {
        const bytes low = __builtin_convertvector(v.p[n], bytes);
        memcpy(to + n * kLanes / kRegisters, &low, sizeof low);
    }
}
#endif

} // namespace RWKV_ISA
