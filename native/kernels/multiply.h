// Products of a matrix with one or more rows of inputs. Each output is summed over the inputs in a fixed order, so a
// row's result does not depend on the number of rows.
#pragma once
#include "dot.h"
#include "functions.h"
#include "kernels.h"

namespace RWKV_ISA {

#define UNROLLED _Pragma("GCC unroll 8")

// Number of panels that are computed together for kTileRows rows. The sums of more would not fit into the registers.
constexpr int kTilePanels = kRegisters == 1 ? 4 : 1;
constexpr int kTileRows = 4;

// Weights are prefetched into the L2 cache, because the L1 cache has too few slots for pending lines.
constexpr int kPrefetchBytes = 4096;
INLINE void fetch_ahead(const void *at) { __builtin_prefetch(static_cast<const uint8_t *>(at) + kPrefetchBytes, 0, 2); }

// Multiplies by P panels of a block of B panels. `weights` points to the first of the P panels.
template <int B, int P, int T, typename Weight>
static inline void plain_block(const Weight *weights, int in, const float *x, size_t ldx, float *y, size_t ldy) {
    lanes sums[P][T];
    UNROLLED for (int p = 0; p < P; p++) UNROLLED for (int t = 0; t < T; t++) sums[p][t] = all(0);
    for (int i = 0; i < in; i++, weights += B * kPanel)
        UNROLLED for (int p = 0; p < P; p++) {
            if (T == 1 && p * kPanel * sizeof(Weight) % 64 == 0) fetch_ahead(weights + p * kPanel);
            lanes weight = load(weights + p * kPanel);
            UNROLLED for (int t = 0; t < T; t++) sums[p][t] = fma(weight, all(x[t * ldx + i]), sums[p][t]);
        }
    UNROLLED for (int p = 0; p < P; p++) UNROLLED for (int t = 0; t < T; t++) store(y + t * ldy + p * kPanel, sums[p][t]);
}

template <int B, typename Weight>
static void plain_panels(const Weight *block, int in, const float *x, size_t ldx, int tokens, float *y, size_t ldy) {
    constexpr int kTile = kTilePanels < B ? kTilePanels : B;
    int t = 0;
    for (; t + kTileRows <= tokens; t += kTileRows)
        for (int p = 0; p < B; p += kTile)
            plain_block<B, kTile, kTileRows>(block + p * kPanel, in, x + t * ldx, ldx, y + t * ldy + p * kPanel, ldy);
    for (; t < tokens; t++) plain_block<B, B, 1>(block, in, x + t * ldx, ldx, y + t * ldy, ldy);
}

template <typename Stored>
static void multiply_plain(const PlainMatrix<Stored> &m, const float *x, size_t ldx, int tokens, float *y, size_t ldy) {
    int count = (m.out + kPanel - 1) / kPanel, p = 0;
    auto panel = [&](int index) { return m.blocks + (size_t)index * m.in * kPanel; };
    for (; p + 4 <= count; p += 4) plain_panels<4>(panel(p), m.in, x, ldx, tokens, y + p * kPanel, ldy);
    for (; p < count; p++) plain_panels<1>(panel(p), m.in, x, ldx, tokens, y + p * kPanel, ldy);
}

constexpr size_t kScaleBytes = kPanel * sizeof(float);

// How kernels interpret 64 bytes of stored weights: as kSteps times the weights of sixteen outputs and four inputs. The
// offset that stored weights have, 128 or 8, is removed when they are loaded or when a sum is started.
struct EightBits {
    static constexpr int kSteps = 1;
    static constexpr size_t kGroupBytes = kScaleBytes + kPanel * kGroup; // per group and panel
    struct loaded {
        packed step[kSteps];
    };
    INLINE loaded load(const uint8_t *from) { return {{load_weights(from)}}; }
    INLINE ints start(int32_t sum_of_inputs) { return dot_start(sum_of_inputs); }
    INLINE ints dot(const ints &sum, const packed &w, int32_t four) { return dot4(sum, w, four); }
};

struct FourBits {
    static constexpr int kSteps = 2;
    static constexpr size_t kGroupBytes = kScaleBytes + kPanel * kGroup / 2;
    struct loaded {
        packed step[kSteps];
    };
    INLINE loaded load(const uint8_t *from) { return {{low_nibbles(from), high_nibbles(from)}}; }
    INLINE ints start(int32_t sum_of_inputs) { return all_ints(-8 * sum_of_inputs); }
    INLINE ints dot(const ints &sum, const packed &w, int32_t four) { return dot4_small(sum, w, four); }
};

// Multiplies by P panels, starting with panel `first`, of a block of B panels that starts at `block`.
template <typename Weights, int B, int P, int T>
static inline void packed_block(const uint8_t *block, int in, int first, const QuantizedRows &x, float *y, size_t ldy) {
    const int groups = in / kGroup;
    lanes sums[P][T];
    UNROLLED for (int p = 0; p < P; p++) UNROLLED for (int t = 0; t < T; t++) sums[p][t] = all(0);
    for (int g = 0; g < groups; g++, block += B * Weights::kGroupBytes) {
        const uint8_t *weights = block + B * kScaleBytes + first * 64;
        ints part[P][T];
        if (T == 1) UNROLLED for (int p = 0; p < P; p++) fetch_ahead(block + (first + p) * kScaleBytes);
        UNROLLED for (int p = 0; p < P; p++) UNROLLED for (int t = 0; t < T; t++)
            part[p][t] = Weights::start(x.sums[t * groups + g]);
        for (int k = 0; k < kGroup; k += 4 * Weights::kSteps, weights += B * 64)
            UNROLLED for (int p = 0; p < P; p++) {
                if (T == 1) fetch_ahead(weights + p * 64);
                const typename Weights::loaded w = Weights::load(weights + p * 64);
                UNROLLED for (int step = 0; step < Weights::kSteps; step++) UNROLLED for (int t = 0; t < T; t++) {
                    int32_t four;
                    memcpy(&four, x.values + (size_t)t * in + g * kGroup + k + 4 * step, sizeof four);
                    part[p][t] = Weights::dot(part[p][t], w.step[step], four);
                }
            }
        UNROLLED for (int p = 0; p < P; p++) {
            lanes scale = load((const float *)block + (first + p) * kPanel);
            UNROLLED for (int t = 0; t < T; t++) {
                lanes product = scale * x.scales[t * groups + g];
                sums[p][t] = fma(as_floats(part[p][t]), product, sums[p][t]);
            }
        }
    }
    UNROLLED for (int p = 0; p < P; p++) UNROLLED for (int t = 0; t < T; t++) store(y + t * ldy + p * kPanel, sums[p][t]);
}

template <typename Weights, int B>
static void packed_panels(const uint8_t *block, int in, const QuantizedRows &x, int tokens, float *y, size_t ldy) {
    constexpr int kTile = kTilePanels < B ? kTilePanels : B;
    auto rows = [&](int t) {
        size_t groups = in / kGroup;
        return QuantizedRows{x.values + (size_t)t * in, x.scales + t * groups, x.sums + t * groups};
    };
    int t = 0;
    for (; t + kTileRows <= tokens; t += kTileRows)
        for (int p = 0; p < B; p += kTile)
            packed_block<Weights, B, kTile, kTileRows>(block, in, p, rows(t), y + t * ldy + p * kPanel, ldy);
    for (; t < tokens; t++) packed_block<Weights, B, B, 1>(block, in, 0, rows(t), y + t * ldy, ldy);
}

template <typename Weights>
static void multiply_packed(const PackedMatrix &m, const QuantizedRows &x, int tokens, float *y, size_t ldy) {
    int count = (m.out + kPanel - 1) / kPanel, p = 0;
    const uint8_t *block = m.blocks;
    const size_t bytes = Weights::kGroupBytes * (m.in / kGroup);
    for (; p + 4 <= count; p += 4, block += 4 * bytes) packed_panels<Weights, 4>(block, m.in, x, tokens, y + p * kPanel, ldy);
    for (; p < count; p++, block += bytes) packed_panels<Weights, 1>(block, m.in, x, tokens, y + p * kPanel, ldy);
}

// A group whose inputs are all smaller than this becomes zeros, because 127 divided by a tiny number would be infinite.
constexpr float kMinInput = 1e-30f;

// Quantizes groups of inputs to 8 bits. Ties are rounded to even.
static void quantize(const float *x, int count, int8_t *values, float *scales, int32_t *sums) {
    for (int g = 0; g < count / kGroup; g++, x += kGroup, values += kGroup) {
        const lanes low = load(x), high = load(x + kLanes);
        const float maximum = reduce_max(max(max(low, low * -1.0f), max(high, high * -1.0f)));
        const float inverse = maximum > kMinInput ? 127 / maximum : 0;
        scales[g] = maximum / 127;
        const ints first = rounded(low * inverse), second = rounded(high * inverse);
        store_bytes(values, first), store_bytes(values + kLanes, second);
        sums[g] = sum(first + second);
    }
}

} // namespace RWKV_ISA
