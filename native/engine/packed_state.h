// States in about a quarter of the memory: 8-bit numbers, with a scale for each 64 numbers (a row of a head of 64
// channels).
#pragma once
#include <cstddef>
#include <cstdint>

// Bytes of a packed state: the scales as floats, then the numbers. They are in the machine's byte order.
size_t packed_state_bytes(size_t floats);

// Rounds a state. A number changes by at most 1/254 of the largest absolute value in its group of 64. If that value is
// below 1e-35, the group becomes zeros. Returns false if a number is infinite, NaN, or above 1e38, which is too large
// to be scaled; `packed` is then invalid.
bool pack_state(const float *state, size_t floats, uint8_t *packed);

void unpack_state(const uint8_t *packed, size_t floats, float *state);
