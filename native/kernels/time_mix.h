// The recurrences: RWKV-7's generalized delta rule and the WKV of RWKV-5 and 6 for one head, and RWKV-4's WKV for
// sixteen channels at a time (docs/RWKV.md §2 to §5).
#pragma once
#include <cmath>

#include "functions.h"
#include "kernels.h"

namespace RWKV_ISA {

constexpr int kParts = kHeadSize / kLanes;
constexpr float kDecay = 0.606531f; // e^-0.5

typedef lanes Row[kParts]; // a vector of kHeadSize numbers

#define EACH_PART _Pragma("GCC unroll 4") for (int q = 0; q < kParts; q++)

static inline float total(const Row row) {
    lanes added = all(0);
    EACH_PART added = added + row[q];
    return sum(added);
}

// S = S diag(w) - (S kappa)(kappa a)^T + v k^T, y = S r, with a = `rate`. `state` is S transposed: each row belongs to
// one component of the key.
static inline void delta_step(float *state, const float *w, const float *kappa, const float *rate, const float *k,
                              const float *r, const Row v, Row y) {
    Row erased;
    EACH_PART erased[q] = y[q] = all(0);
    for (int j = 0; j < kHeadSize; j++) EACH_PART erased[q] = erased[q] - load(state + j * kHeadSize + q * kLanes) * kappa[j];
    for (int j = 0; j < kHeadSize; j++) {
        float *s = state + j * kHeadSize, erase = kappa[j] * rate[j];
        EACH_PART {
            lanes fresh = load(s + q * kLanes) * w[j] + erased[q] * erase + v[q] * k[j];
            store(s + q * kLanes, fresh);
            y[q] = fma(fresh, all(r[j]), y[q]);
        }
    }
}

static void time_mix7(const TimeMix7 &p, const TimeMix7Rows &rows, int tokens, int width, int head, float *state, float *out) {
    const int at = head * kHeadSize;
    for (int t = 0; t < tokens; t++) {
        const size_t row = (size_t)t * width + at;
        float w[kHeadSize], rate[kHeadSize], kappa[kHeadSize], key[kHeadSize];
        Row squares, products, v, y, normed;
        EACH_PART {
            const int c = at + q * kLanes, i = q * kLanes;
            lanes k = load(rows.k + row + i), a = sigmoid(load(p.a0 + c) + load(rows.a + row + i));
            store(w + i, exp(-kDecay * sigmoid(load(p.w0 + c) + load(rows.w + row + i))));
            store(rate + i, a);
            lanes scaled = k * load(p.k_k + c), changed = k * (1.0f + (a - 1.0f) * load(p.k_a + c));
            store(kappa + i, scaled);
            store(key + i, changed);
            squares[q] = scaled * scaled;
            products[q] = load(rows.r + row + i) * changed * load(p.r_k + c);
            v[q] = load(rows.v + row + i);
            if (rows.first != nullptr) {
                v[q] = v[q] + (load(rows.first + row + i) - v[q]) * sigmoid(load(p.v0 + c) + load(rows.nu + row + i));
                store(rows.v + row + i, v[q]);
            }
        }
        float length = std::sqrt(total(squares)), bonus = total(products);
        float inverse = 1.0f / (length > 1e-12f ? length : 1e-12f);
        for (int i = 0; i < kHeadSize; i += kLanes) store(kappa + i, load(kappa + i) * inverse);
        delta_step(state, w, kappa, rate, key, rows.r + row, v, y);
        float mean = total(y) / kHeadSize;
        EACH_PART normed[q] = y[q] - mean;
        EACH_PART squares[q] = normed[q] * normed[q];
        float scale = 1.0f / std::sqrt(total(squares) / kHeadSize + p.ln_eps);
        EACH_PART {
            const int c = at + q * kLanes, i = q * kLanes;
            lanes mixed = normed[q] * scale * load(p.ln_weight + c) + load(p.ln_bias + c) + v[q] * bonus;
            store(out + row + i, mixed * load(rows.g + row + i));
        }
    }
}

// y = r (diag(u) k^T v + S), S = k^T v + diag(w) S, for one token. The state's rows are keys.
static inline void wkv5_step(const TimeMix5 &p, const TimeMix5Rows &rows, size_t row, int at, float *state, float *y) {
    const int N = p.head_size;
    lanes bonuses = all(0);
    for (int i = 0; i < N; i += kLanes) {
        bonuses = fma(load(rows.r + row + i) * load(rows.k + row + i), load(p.bonus + at + i), bonuses);
        store(y + i, all(0));
    }
    const float bonus = sum(bonuses);
    for (int i = 0; i < N; i += kLanes) {
        float w[kLanes];
        lanes decay = load(p.decay + at + i);
        if (rows.w != nullptr) decay = exp(exp(decay + load(rows.w + row + i)) * -1.0f);
        store(w, decay);
        for (int key = i; key < i + kLanes; key++) {
            const float r = rows.r[row + key], k = rows.k[row + key];
            float *s = state + (size_t)key * N;
            for (int j = 0; j < N; j += kLanes) {
                const lanes old = load(s + j);
                store(y + j, fma(old, all(r), load(y + j)));
                store(s + j, fma(old, all(w[key - i]), load(rows.v + row + j) * k));
            }
        }
    }
    for (int j = 0; j < N; j += kLanes) store(y + j, fma(load(rows.v + row + j), all(bonus), load(y + j)));
}

static void time_mix5(const TimeMix5 &p, const TimeMix5Rows &rows, int tokens, int head, float *state, float *out) {
    const int N = p.head_size, at = head * N;
    for (int t = 0; t < tokens; t++) {
        const size_t row = (size_t)t * p.width + at;
        float *y = out + row;
        wkv5_step(p, rows, row, at, state, y);
        lanes added = all(0), squares = all(0);
        for (int i = 0; i < N; i += kLanes) added = added + load(y + i);
        const float mean = sum(added) / N;
        for (int i = 0; i < N; i += kLanes) {
            lanes d = load(y + i) - mean;
            squares = fma(d, d, squares);
        }
        const float scale = 1.0f / std::sqrt(sum(squares) / N + p.ln_eps);
        for (int i = 0; i < N; i += kLanes) {
            lanes normed = (load(y + i) - mean) * scale * load(p.ln_weight + at + i) + load(p.ln_bias + at + i);
            if (rows.g != nullptr) {
                const lanes g = load(rows.g + row + i);
                normed = normed * g * sigmoid(g);
            }
            store(y + i, normed);
        }
    }
}

static void wkv4(const Wkv4 &p, int tokens, int first, int last, float *state, float *y) {
    const int width = p.width;
    for (int c = first; c < last; c += kLanes) {
        lanes aa = load(state + c), bb = load(state + width + c), pp = load(state + 2 * width + c);
        const lanes w = load(p.decay + c), u = load(p.bonus + c);
        for (int t = 0; t < tokens; t++) {
            const size_t at = (size_t)t * width + c;
            lanes key = load(p.k + at), value = load(p.v + at), now = u + key, maximum = max(pp, now);
            lanes past = exp(pp - maximum), current = exp(now - maximum);
            store(y + at, (past * aa + current * value) / (past * bb + current));
            lanes decayed = pp + w;
            maximum = max(decayed, key);
            past = exp(decayed - maximum), current = exp(key - maximum);
            aa = past * aa + current * value;
            bb = past * bb + current;
            pp = maximum;
        }
        store(state + c, aa), store(state + width + c, bb), store(state + 2 * width + c, pp);
    }
}

} // namespace RWKV_ISA
