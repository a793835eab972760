// Tests packed states. Prints a line for each claim; exits with 1 if a claim does not hold.
#include <algorithm>
#include <cfloat>
#include <cstdint>
#include <cstdio>
#include <limits>

#include "../engine/packed_state.h"
#include "numbers.h"

namespace {

int passed = 0, failed = 0;

void claim(const char *what, bool holds) {
    (holds ? passed : failed)++;
    printf("%s %s\n", holds ? "ok" : "not ok", what);
}

// Returns an empty vector if the state cannot be packed. The packed state is at an odd address, as it may be in a file.
Floats packed_and_unpacked(const Floats &state) {
    std::vector<uint8_t> packed(packed_state_bytes(state.size()) + 1);
    if (!pack_state(state.data(), state.size(), packed.data() + 1)) return {};
    Floats unpacked(state.size());
    unpack_state(packed.data() + 1, state.size(), unpacked.data());
    return unpacked;
}

// Each group of 64 has its own magnitude, from denormals to 1e38.
Floats random_state(size_t count) {
    Floats state(count);
    for (size_t at = 0; at < count; at += 64) {
        const float magnitude = std::pow(10.f, between(-42, 38));
        for (size_t i = at; i < std::min(at + 64, count); i++) state[i] = magnitude * between(-1, 1);
    }
    return state;
}

bool is_within_half_a_level(const Floats &state) {
    const Floats unpacked = packed_and_unpacked(state);
    if (unpacked.size() != state.size()) return false;
    for (size_t at = 0; at < state.size(); at += 64) {
        double largest = 0;
        for (size_t i = at; i < std::min(at + 64, state.size()); i++) largest = std::fmax(largest, std::fabs(state[i]));
        const double bound = largest < 1e-35 ? 1e-35 : largest / 127 * 0.5001;
        for (size_t i = at; i < std::min(at + 64, state.size()); i++)
            if (!(std::fabs((double)unpacked[i] - state[i]) <= bound)) return false;
    }
    return true;
}

} // namespace

int main() {
    bool is_close = true, is_repeatable = true;
    for (int round = 0; round < 500; round++) {
        const Floats state = random_state(random_integer(1, 1000));
        is_close = is_close && is_within_half_a_level(state);
        const Floats once = packed_and_unpacked(state);
        is_repeatable = is_repeatable && once == packed_and_unpacked(state);
    }
    claim("each number is within half a level of its group's scale, whatever the number of groups", is_close);
    claim("the same state is always packed to the same", is_repeatable);
    claim("zeros stay zeros", packed_and_unpacked(Floats(130, 0.f)) == Floats(130, 0.f));
    claim("denormals become zeros", packed_and_unpacked(Floats(64, FLT_MIN / 2)) == Floats(64, 0.f));
    const Floats extremes = packed_and_unpacked({1e38f, -1e38f, 3, 0});
    claim("the largest number of a group stays, up to its last bits",
          extremes.size() == 4 && std::fabs(extremes[0] / 1e38f - 1) < 1e-6f && extremes[1] == -extremes[0]);
    bool is_refused = true;
    const float infinity = std::numeric_limits<float>::infinity();
    for (float bad : {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::quiet_NaN(), infinity, -infinity, FLT_MAX})
        for (size_t at : {0, 63, 64, 100, 129}) {
            Floats state = random_floats(130);
            state[at] = bad;
            is_refused = is_refused && packed_and_unpacked(state).empty();
        }
    claim("NaN, infinity and numbers that are too large are refused wherever they are", is_refused);
    claim("a packed state takes a byte for each number and a float for each 64",
          packed_state_bytes(64) == 68 && packed_state_bytes(65) == 73 && packed_state_bytes(135168) == 143616);
    printf("%d passed, %d failed\n", passed, failed);
    return failed == 0 ? 0 : 1;
}
