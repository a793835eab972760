// States in about a quarter of the memory: 8-bit numbers, with a scale for each 64 numbers (a row of a head of 64
// channels).
#pragma once
#include <cstddef>
#include <cstdint>

// Bytes of a packed state: the scales as floats, then the numbers. They are in the machine's byte order.
size_t packed_state_bytes(size_t floats);

// Rounds a state: each number differs by at most half of its group's largest one / 127. A group below 1e-35 becomes
// zeros. Returns false, and `packed` is invalid, if a number is infinite, NaN, or too large to be scaled (more than
// 1e38).
bool pack_state(const float *state, size_t floats, uint8_t *packed);

void unpack_state(const uint8_t *packed, size_t floats, float *state);
