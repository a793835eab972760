#include "packed_state.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace {

constexpr size_t kGroup = 64;
constexpr float kLevels = 127, kLargest = 1e38f;
// A group whose numbers are all smaller than this becomes zeros, because the inverse of its scale would be infinite.
constexpr float kSmallest = 1e-35f;

size_t groups_of(size_t floats) { return (floats + kGroup - 1) / kGroup; }

int32_t magnitude(float value) {
    int32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits & 0x7fffffff;
}

// The largest absolute value. Values are compared as integers, so that NaN is the largest; as floats, NaN would be
// ignored.
float largest(const float *values, size_t count) {
    int32_t largest = 0;
    for (size_t i = 0; i < count; i++) largest = std::max(largest, magnitude(values[i]));
    float value;
    memcpy(&value, &largest, sizeof value);
    return value;
}

} // namespace

size_t packed_state_bytes(size_t floats) { return groups_of(floats) * sizeof(float) + floats; }

bool pack_state(const float *state, size_t floats, uint8_t *packed) {
    int8_t *numbers = reinterpret_cast<int8_t *>(packed + groups_of(floats) * sizeof(float));
    for (size_t at = 0; at < floats; at += kGroup) {
        const size_t count = std::min(kGroup, floats - at);
        float scale = largest(state + at, count);
        if (!(scale <= kLargest)) return false;
        const float inverse = scale < kSmallest ? 0 : kLevels / scale;
        scale = scale < kSmallest ? 0 : scale / kLevels;
        // memcpy, because `packed` might be unaligned
        memcpy(packed + at / kGroup * sizeof scale, &scale, sizeof scale);
        for (size_t i = at; i < at + count; i++) {
            const float scaled = state[i] * inverse;
            numbers[i] = (int8_t)(int32_t)(scaled + std::copysign(0.5f, scaled));
        }
    }
    return true;
}

void unpack_state(const uint8_t *packed, size_t floats, float *state) {
    const int8_t *numbers = reinterpret_cast<const int8_t *>(packed + groups_of(floats) * sizeof(float));
    for (size_t at = 0; at < floats; at += kGroup) {
        float scale;
        memcpy(&scale, packed + at / kGroup * sizeof scale, sizeof scale);
        for (size_t i = at; i < std::min(at + kGroup, floats); i++) state[i] = numbers[i] * scale;
    }
}
