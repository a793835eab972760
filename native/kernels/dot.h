// dot4 computes sixteen dot products, each of four weights and the same four int8 inputs, and adds them to sixteen
// integers. The results are exact with every instruction set. A weight is stored as an unsigned byte with 128 added, or
// as a nibble with 8 added. dot4_small is for weights from 0 to 15.
#pragma once
#include "lanes.h"
#if defined(__AVX512VNNI__) || defined(__AVX2__)
#include <immintrin.h>
#elif defined(__ARM_FEATURE_DOTPROD)
#include <arm_neon.h>
#endif

namespace RWKV_ISA {

#if defined(__AVX512VNNI__)

// The dot product instruction takes unsigned weights, as they are stored. So dot_start subtracts 128 times the sum of
// the inputs.
typedef __m512i packed;
INLINE packed load_weights(const uint8_t *from) { return _mm512_loadu_si512(from); }
INLINE packed low_nibbles(const uint8_t *from) { return _mm512_and_si512(_mm512_loadu_si512(from), _mm512_set1_epi8(15)); }
INLINE packed high_nibbles(const uint8_t *from) {
    return _mm512_and_si512(_mm512_srli_epi16(_mm512_loadu_si512(from), 4), _mm512_set1_epi8(15));
}
INLINE ints dot_start(int32_t sum_of_inputs) { return all_ints(-128 * sum_of_inputs); }
INLINE ints dot4(const ints &sum, const packed &w, int32_t four) {
    ints result;
    result.p[0] = (ints::part)_mm512_dpbusd_epi32((__m512i)sum.p[0], w, _mm512_set1_epi32(four));
    return result;
}
INLINE ints dot4_small(const ints &sum, const packed &w, int32_t four) { return dot4(sum, w, four); }

#elif defined(__AVX2__)

struct packed {
    __m256i half[2];
};
INLINE packed load_packed(const uint8_t *from) {
    return {{_mm256_loadu_si256((const __m256i *)from), _mm256_loadu_si256((const __m256i *)(from + 32))}};
}
INLINE packed low_nibbles(const uint8_t *from) {
    packed p = load_packed(from);
    EACH_REGISTER p.half[n] = _mm256_and_si256(p.half[n], _mm256_set1_epi8(15));
    return p;
}
INLINE packed high_nibbles(const uint8_t *from) {
    packed p = load_packed(from);
    EACH_REGISTER p.half[n] = _mm256_and_si256(_mm256_srli_epi16(p.half[n], 4), _mm256_set1_epi8(15));
    return p;
}

#if defined(__AVXVNNI__)

INLINE packed load_weights(const uint8_t *from) { return load_packed(from); }
INLINE ints dot_start(int32_t sum_of_inputs) { return all_ints(-128 * sum_of_inputs); }
INLINE ints dot4(const ints &sum, const packed &w, int32_t four) {
    const __m256i x = _mm256_set1_epi32(four);
    ints result;
    EACH_REGISTER result.p[n] = (ints::part)_mm256_dpbusd_avx_epi32((__m256i)sum.p[n], w.half[n], x);
    return result;
}
INLINE ints dot4_small(const ints &sum, const packed &w, int32_t four) { return dot4(sum, w, four); }

#else

INLINE packed load_weights(const uint8_t *from) {
    packed p = load_packed(from);
    EACH_REGISTER p.half[n] = _mm256_xor_si256(p.half[n], _mm256_set1_epi8((char)0x80));
    return p;
}
INLINE ints dot_start(int32_t) { return all_ints(0); }
INLINE ints added(const ints &sum, const __m256i pairs[2]) {
    ints result;
    EACH_REGISTER result.p[n] = sum.p[n] + (ints::part)_mm256_madd_epi16(pairs[n], _mm256_set1_epi16(1));
    return result;
}
// The instruction needs one unsigned factor, so |w| is multiplied by x with the sign of w. The sum of a pair is at most
// 2 * 128 * 127, so the 16-bit sums do not saturate.
INLINE ints dot4(const ints &sum, const packed &w, int32_t four) {
    const __m256i x = _mm256_set1_epi32(four);
    __m256i pairs[2];
    EACH_REGISTER pairs[n] = _mm256_maddubs_epi16(_mm256_abs_epi8(w.half[n]), _mm256_sign_epi8(x, w.half[n]));
    return added(sum, pairs);
}
INLINE ints dot4_small(const ints &sum, const packed &w, int32_t four) {
    __m256i pairs[2];
    EACH_REGISTER pairs[n] = _mm256_maddubs_epi16(w.half[n], _mm256_set1_epi32(four));
    return added(sum, pairs);
}

#endif

#elif defined(__ARM_FEATURE_DOTPROD)

struct packed {
    int8x16_t part[4];
};
INLINE packed load_weights(const uint8_t *from) {
    packed p;
    EACH_REGISTER p.part[n] = vreinterpretq_s8_u8(veorq_u8(vld1q_u8(from + 16 * n), vdupq_n_u8(0x80)));
    return p;
}
INLINE packed low_nibbles(const uint8_t *from) {
    packed p;
    EACH_REGISTER p.part[n] = vreinterpretq_s8_u8(vandq_u8(vld1q_u8(from + 16 * n), vdupq_n_u8(15)));
    return p;
}
INLINE packed high_nibbles(const uint8_t *from) {
    packed p;
    EACH_REGISTER p.part[n] = vreinterpretq_s8_u8(vshrq_n_u8(vld1q_u8(from + 16 * n), 4));
    return p;
}
INLINE ints dot_start(int32_t) { return all_ints(0); }
INLINE ints dot4(const ints &sum, const packed &w, int32_t four) {
    const int8x16_t x = vreinterpretq_s8_s32(vdupq_n_s32(four));
    ints result;
    EACH_REGISTER result.p[n] = (ints::part)vdotq_s32((int32x4_t)sum.p[n], w.part[n], x);
    return result;
}
INLINE ints dot4_small(const ints &sum, const packed &w, int32_t four) { return dot4(sum, w, four); }

#else

struct packed {
    int8_t w[64];
};
INLINE packed load_weights(const uint8_t *from) {
    packed p;
    for (int i = 0; i < 64; i++) p.w[i] = (int8_t)(from[i] ^ 0x80);
    return p;
}
INLINE packed low_nibbles(const uint8_t *from) {
    packed p;
    for (int i = 0; i < 64; i++) p.w[i] = from[i] & 15;
    return p;
}
INLINE packed high_nibbles(const uint8_t *from) {
    packed p;
    for (int i = 0; i < 64; i++) p.w[i] = from[i] >> 4;
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
INLINE ints dot4_small(const ints &sum, const packed &w, int32_t four) { return dot4(sum, w, four); }

#endif

} // namespace RWKV_ISA
