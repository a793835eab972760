// The 16-bit number formats of weights files. Everything is static, because it is compiled for each instruction set.
#pragma once
#include <cstdint>
#include <cstring>

// bfloat16: the upper 16 bits of a float.
struct Bf16 {
    uint16_t bits;
};

// IEEE half precision.
struct Fp16 {
    uint16_t bits;
};

static inline float to_float(float stored) { return stored; }

static inline float to_float(Bf16 stored) {
    const uint32_t bits = (uint32_t)stored.bits << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline float to_float(Fp16 stored) {
    const uint32_t sign = (uint32_t)(stored.bits & 0x8000) << 16, exponent = (stored.bits >> 10) & 31;
    const uint32_t fraction = stored.bits & 1023;
    float value = fraction * 5.9604644775390625e-8f; // 2^-24
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (exponent == 31)
        bits = 0x7f800000 | fraction << 13;
    else if (exponent > 0)
        bits = (exponent + 112) << 23 | fraction << 13;
    bits |= sign;
    memcpy(&value, &bits, sizeof value);
    return value;
}
