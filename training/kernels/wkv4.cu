// RWKV-4's WKV (RWKV-4 paper, eq. 16 and appendix D), with one thread per channel: sums over the previous tokens,
// scaled by the largest exponent so far. The gate is computed by PyTorch.
#include "device.h"

#define THREADS 64
#define EMPTY_EXPONENT -1e30f // the exponent of an empty sum

// The weighted sums of values and of ones, both scaled by e^-pp.
struct Sums {
    float aa, bb, pp;
};

__device__ inline Sums nothing() { return {0, 0, EMPTY_EXPONENT}; }

struct Inputs {
    const bf16 *k, *v;          // [B, T, C]
    const float *decay, *first; // [C], as stored: the decay per token is exp(-exp(decay))
    const uint8_t *starts;      // [B, T / CHUNK]
};

static __global__ void __launch_bounds__(THREADS) forward(int T, int C, Inputs in, float *state, float *y) {
    const int c = blockIdx.x * THREADS + threadIdx.x, b = blockIdx.y;
    if (c >= C) return;
    const float w = -expf(in.decay[c]), first = in.first[c];
    float *own = state + (size_t)b * 3 * C + c;
    Sums s = {own[0], own[C], own[2 * C]};
    for (int t = 0; t < T; t++) {
        const size_t at = ((size_t)b * T + t) * C + c;
        if (starts_here(in.starts, b, t, T)) s = nothing();
        const float k = from_bf16(in.k[at]), v = from_bf16(in.v[at]), now = first + k, p = fmaxf(s.pp, now);
        const float before = expf(s.pp - p), here = expf(now - p);
        y[at] = (before * s.aa + here * v) / (before * s.bb + here);
        const float later = s.pp + w, q = fmaxf(later, k), kept = expf(later - q), added = expf(k - q);
        s = {kept * s.aa + added * v, kept * s.bb + added, q};
    }
    own[0] = s.aa, own[C] = s.bb, own[2 * C] = s.pp;
}

struct Gradients {
    bf16 *k, *v;          // [B, T, C]
    float *decay, *first; // [B, C], to be summed over B
};

// before [B, 3, C]: the state before the first token. share and own [B, T, C] are scratch space: per token, the
// gradient of the WKV divided by its denominator, and the exponent of the token's own term.
static __global__ void __launch_bounds__(THREADS) backward(int T, int C, Inputs in, const float *before, const float *y,
                                                           const float *gy, float *share, float *own, Gradients out) {
    const int c = blockIdx.x * THREADS + threadIdx.x, b = blockIdx.y;
    if (c >= C) return;
    const float w = -expf(in.decay[c]), first = in.first[c], *from = before + (size_t)b * 3 * C + c;
    Sums s = {from[0], from[C], from[2 * C]};
    float da = 0, db = 0, gw = 0, gu = 0; // da, db: d aa / d w, d bb / d w
    for (int t = 0; t < T; t++) {
        const size_t at = ((size_t)b * T + t) * C + c;
        if (starts_here(in.starts, b, t, T)) s = nothing(), da = db = 0;
        const float k = from_bf16(in.k[at]), v = from_bf16(in.v[at]), now = first + k, p = fmaxf(s.pp, now);
        const float past = expf(s.pp - p), here = expf(now - p), q = gy[at] / (past * s.bb + here);
        gw += (da - db * y[at]) * past * q;
        gu += (v - y[at]) * here * q;
        share[at] = q, own[at] = now - p;
        const float later = s.pp + w, maximum = fmaxf(later, k), kept = expf(later - maximum), added = expf(k - maximum);
        da = kept * (s.aa + da), db = kept * (s.bb + db);
        s = {kept * s.aa + added * v, kept * s.bb + added, maximum};
    }
    out.decay[(size_t)b * C + c] = gw * w, out.first[(size_t)b * C + c] = gu;
    s = nothing(); // from here on, s has the sums over later tokens
    for (int t = T - 1; t >= 0; t--) {
        const size_t at = ((size_t)b * T + t) * C + c;
        const float k = from_bf16(in.k[at]), v = from_bf16(in.v[at]), q = share[at];
        const float here = q * expf(own[at]), after = expf(k + s.pp);
        out.k[at] = to_bf16(here * (v - y[at]) + after * (s.aa * v + s.bb));
        out.v[at] = to_bf16(here + after * s.aa);
        const float later = w + s.pp, exponent = own[at] - first - k, maximum = fmaxf(later, exponent);
        const float kept = expf(later - maximum), added = q * expf(exponent - maximum);
        s = {kept * s.aa + added, kept * s.bb - added * y[at], maximum};
        if (starts_here(in.starts, b, t, T)) s = nothing();
    }
}

// Both functions return CUDA's error code, 0 for success. inputs: k, v, decay, first, starts. state [B, 3, C] is
// updated.
static Inputs inputs_of(const void *const *z) {
    return {(const bf16 *)z[0], (const bf16 *)z[1], (const float *)z[2], (const float *)z[3], (const uint8_t *)z[4]};
}

extern "C" int wkv4_forward(int B, int T, int C, const void *const *inputs, float *state, float *y, void *stream) {
    const Inputs in = inputs_of(inputs);
    const dim3 grid((C + THREADS - 1) / THREADS, B);
    return LAUNCH(forward, grid, THREADS, stream, T, C, in, state, y);
}

// gradients: the gradients of k, v, decay and first.
extern "C" int wkv4_backward(int B, int T, int C, const void *const *inputs, const float *before, const float *y,
                             const float *gy, float *share, float *own, void *const *gradients, void *stream) {
    const Inputs in = inputs_of(inputs);
    const Gradients out = {(bf16 *)gradients[0], (bf16 *)gradients[1], (float *)gradients[2], (float *)gradients[3]};
    const dim3 grid((C + THREADS - 1) / THREADS, B);
    return LAUNCH(backward, grid, THREADS, stream, T, C, in, before, y, gy, share, own, out);
}
