// Sixteen dot products of four weights with four int8 inputs each, added to sixteen integers: exact everywhere. A weight is
// stored as an unsigned byte, 128 more than it is.
#pragma once
#include "lanes.h"
#if defined(__AVX512VNNI__) || defined(__AVX2__)
#include <immintrin.h>
#elif defined(__ARM_FEATURE_DOTPROD)
#include <arm_neon.h>
#endif

namespace RWKV_ISA {

#if defined(__AVX512VNNI__)

// The instruction takes weights as they are stored: 128 times the sum of the inputs is taken away.
typedef __m512i packed;
INLINE packed load_weights(const uint8_t *from) { return _mm512_loadu_si512(from); }
INLINE ints dot_start(int32_t sum_of_inputs) { return all_ints(-128 * sum_of_inputs); }
INLINE ints dot4(ints sum, packed w, int32_t four) {
    ints result;
    result.p[0] = (ints::part)_mm512_dpbusd_epi32((__m512i)sum.p[0], w, _mm512_set1_epi32(four));
    return result;
}

#elif defined(__AVXVNNI__)

struct packed {
    __m256i low, high;
};
INLINE packed load_weights(const uint8_t *from) {
    return {_mm256_loadu_si256((const __m256i *)from), _mm256_loadu_si256((const __m256i *)(from + 32))};
}
INLINE ints dot_start(int32_t sum_of_inputs) { return all_ints(-128 * sum_of_inputs); }
INLINE ints dot4(ints sum, packed w, int32_t four) {
    const __m256i x = _mm256_set1_epi32(four);
    ints result;
    result.p[0] = (ints::part)_mm256_dpbusd_avx_epi32((__m256i)sum.p[0], w.low, x);
    result.p[1] = (ints::part)_mm256_dpbusd_avx_epi32((__m256i)sum.p[1], w.high, x);
    return result;
}

#elif defined(__AVX2__)

// |w| times x with w's sign: a pair comes to 32,258 at the most, so the 16-bit sums do not saturate.
struct packed {
    __m256i low, high;
};
INLINE packed load_weights(const uint8_t *from) {
    const __m256i sign = _mm256_set1_epi8((char)0x80), *stored = (const __m256i *)from;
    return {_mm256_xor_si256(_mm256_loadu_si256(stored), sign), _mm256_xor_si256(_mm256_loadu_si256(stored + 1), sign)};
}
INLINE ints dot_start(int32_t) { return all_ints(0); }
INLINE __m256i dot_half(__m256i w, __m256i x) {
    __m256i pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(x, w));
    return _mm256_madd_epi16(pairs, _mm256_set1_epi16(1));
}
INLINE ints dot4(ints sum, packed w, int32_t four) {
    const __m256i x = _mm256_set1_epi32(four);
    ints result;
    result.p[0] = sum.p[0] + (ints::part)dot_half(w.low, x);
    result.p[1] = sum.p[1] + (ints::part)dot_half(w.high, x);
    return result;
}

#elif defined(__ARM_FEATURE_DOTPROD)

struct packed {
    int8x16_t part[4];
};
INLINE packed load_weights(const uint8_t *from) {
    packed p;
    EACH_REGISTER p.part[n] = vreinterpretq_s8_u8(veorq_u8(vld1q_u8(from + 16 * n), vdupq_n_u8(0x80)));
    return p;
}
INLINE ints dot_start(int32_t) { return all_ints(0); }
INLINE ints dot4(ints sum, packed w, int32_t four) {
    const int8x16_t x = vreinterpretq_s8_s32(vdupq_n_s32(four));
    ints result;
    EACH_REGISTER result.p[n] = (ints::part)vdotq_s32((int32x4_t)sum.p[n], w.part[n], x);
    return result;
}

#else

struct packed {
    int8_t w[64];
};
INLINE packed load_weights(const uint8_t *from) {
    packed p;
    for (int i = 0; i < 64; i++) p.w[i] = (int8_t)(from[i] ^ 0x80);
    return p;
}
INLINE ints dot_start(int32_t) { return all_ints(0); }
INLINE ints dot4(ints sum, const packed &p, int32_t four) {
    int8_t x[4];
    memcpy(x, &four, sizeof x);
    int32_t sums[kLanes];
    memcpy(sums, &sum, sizeof sums);
    for (int i = 0; i < kLanes; i++)
        for (int j = 0; j < 4; j++) sums[i] += p.w[4 * i + j] * x[j];
    memcpy(&sum, sums, sizeof sums);
    return sum;
}

#endif

} // namespace RWKV_ISA
