// Sixteen floats or integers at once, as the machine's own registers: one of 64 bytes, two of 32 or four of 16; and the
// functions on them. Everything here is compiled once for each instruction set, into a namespace of its own.
#pragma once
#include <cstdint>
#include <cstring>

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

// Brain floats, as the floats that they are the upper halves of.
INLINE lanes load(const uint16_t *from) {
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

// a * b + c, in one rounding where the machine has it.
INLINE lanes fused(const lanes &a, const lanes &b, const lanes &c) {
    lanes v;
    EACH_REGISTER v.p[n] = a.p[n] * b.p[n] + c.p[n];
    return v;
}

INLINE lanes larger(const lanes &a, const lanes &b) {
    lanes v;
    EACH_REGISTER v.p[n] = a.p[n] > b.p[n] ? a.p[n] : b.p[n];
    return v;
}

INLINE lanes smaller(const lanes &a, const lanes &b) {
    lanes v;
    EACH_REGISTER v.p[n] = a.p[n] < b.p[n] ? a.p[n] : b.p[n];
    return v;
}

INLINE lanes as_floats(const ints &a) {
    lanes v;
    EACH_REGISTER v.p[n] = __builtin_convertvector(a.p[n], lanes::part);
    return v;
}

// In one order on every machine.
INLINE float sum(const lanes &v) {
    float part[kLanes];
    store(part, v);
    for (int width = kLanes / 2; width > 0; width /= 2)
        for (int i = 0; i < width; i++) part[i] += part[i + width];
    return part[0];
}

INLINE float largest(const lanes &v) {
    float part[kLanes];
    store(part, v);
    for (int width = kLanes / 2; width > 0; width /= 2)
        for (int i = 0; i < width; i++) part[i] = part[i] > part[i + width] ? part[i] : part[i + width];
    return part[0];
}

// As bytes, rounded to even; returns the sum of what was stored. Values are within ±127.
INLINE int32_t store_rounded(int8_t *to, const lanes &v) {
    int32_t whole[kLanes];
    lanes rounded = (v + 12582912.0f) - 12582912.0f; // 1.5 * 2^23: the fraction falls off
    for (int n = 0; n < kRegisters; n++) {
        ints::part part = __builtin_convertvector(rounded.p[n], ints::part);
        memcpy(whole + n * kLanes / kRegisters, &part, sizeof part);
    }
    int32_t total = 0;
    for (int i = 0; i < kLanes; i++) to[i] = (int8_t)whole[i], total += whole[i];
    return total;
}

// 2^n for whole numbers n.
INLINE lanes power_of_two(const lanes &whole) {
    lanes v;
    EACH_REGISTER {
        ints::part exponent = (__builtin_convertvector(whole.p[n], ints::part) + 127) << 23;
        memcpy(&v.p[n], &exponent, sizeof exponent);
    }
    return v;
}

// e^x to 2 units in the last place; x is kept within what a float holds.
INLINE lanes exponential(lanes x) {
    x = smaller(larger(x, all(-87.0f)), all(88.0f));
    // x = n ln 2 + f, with n rounded by adding and taking away 1.5 * 2^23.
    lanes n = (x * 1.44269504088896f + 12582912.0f) - 12582912.0f;
    lanes f = fused(n, all(-0.693359375f), x);
    f = fused(n, all(2.12194440e-4f), f);
    lanes p = fused(all(1.9875691500e-4f), f, all(1.3981999507e-3f));
    p = fused(p, f, all(8.3334519073e-3f));
    p = fused(p, f, all(4.1665795894e-2f));
    p = fused(p, f, all(1.6666665459e-1f));
    p = fused(p, f, all(5.0000001201e-1f));
    return (fused(p, f * f, f) + 1.0f) * power_of_two(n);
}

INLINE lanes sigmoid(const lanes &x) { return 1.0f / (1.0f + exponential(x * -1.0f)); }

INLINE lanes tangent(const lanes &x) { return 2.0f * sigmoid(2.0f * x) - 1.0f; }

} // namespace RWKV_ISA
