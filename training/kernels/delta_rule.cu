// RWKV-7's generalized delta rule for one head of N = 64 (RWKV-7 paper, section 4; docs/RWKV.md §5):
//
//     sa = S^T a,  S = diag(w) S + e sa^T + k v^T,  y = S^T r        S [N (key), N (value)]
//
// with a = -kappa and e = kappa * rate. There is one block per row and head, and one thread per channel. In the forward
// pass, the thread of channel i holds column i of S (value i). In the backward pass, it holds row i of S (key i), and
// both row i and column i of the gradient of S.
#include "device.h"

#define N 64

// The vectors of a token that all threads of a block read, four numbers at a time. They are double buffered: one is
// written while the other is still read.
struct Keys {
    alignas(16) float r[N], w[N], k[N], a[N], e[N];
};

struct Values { // only in the backward pass
    alignas(16) float v[N], gy[N], sa[N];
};

struct Vector {
    alignas(16) float at[N];
};

// Reads four numbers from shared memory.
struct Four {
    float at[4];
    __device__ explicit Four(const float *from) {
        const float4 z = *(const float4 *)from;
        at[0] = z.x, at[1] = z.y, at[2] = z.z, at[3] = z.w;
    }
};

#define EACH_FOUR _Pragma("unroll") for (int j = 0; j < N; j += 4)
#define EACH_OF_FOUR _Pragma("unroll") for (int q = 0; q < 4; q++)

struct Vectors {
    const bf16 *r, *decay, *k, *v, *a, *e; // [B, T, H * N]; decay is the logarithm of w
};

// The elements of a token's vectors in the thread's channel.
struct Channel {
    float r, w, k, v, a, e;
};

__device__ inline Channel channel_of(const Vectors &in, size_t at) {
    return {from_bf16(in.r[at]), expf(from_bf16(in.decay[at])), from_bf16(in.k[at]),
            from_bf16(in.v[at]), from_bf16(in.a[at]),           from_bf16(in.e[at])};
}

__device__ inline void share(Keys &token, const Channel &own, int i) {
    token.r[i] = own.r, token.w[i] = own.w, token.k[i] = own.k, token.a[i] = own.a, token.e[i] = own.e;
}

static __global__ void __launch_bounds__(N) forward(int T, int H, Vectors in, const uint8_t *starts, float *state, float *y,
                                                    float *erased, float *kept) {
    const int i = threadIdx.x, h = blockIdx.x, b = blockIdx.y;
    const size_t head = (size_t)b * H + h, step = (size_t)H * N, begin = (size_t)b * T * step + h * N + i;
    __shared__ Keys tokens[2];
    float S[N]; // column i of the state: S[j] is its element for key j and value i
    float *own = state + head * N * N + i;
#pragma unroll
    for (int j = 0; j < N; j++) S[j] = own[j * N];

    Channel next = channel_of(in, begin);
    for (int t = 0; t < T; t++) {
        const size_t at = begin + t * step;
        const Channel here = next;
        Keys &token = tokens[t & 1];
        share(token, here, i);
        __syncthreads();
        if (t + 1 < T) next = channel_of(in, at + step); // loads while this token is computed
        if (starts_here(starts, b, t, T)) {
#pragma unroll
            for (int j = 0; j < N; j++) S[j] = 0;
        }
        float sa = 0, sum = 0;
        EACH_FOUR {
            const Four a(token.a + j);
            EACH_OF_FOUR sa += S[j + q] * a.at[q];
        }
        EACH_FOUR {
            const Four w(token.w + j), e(token.e + j), k(token.k + j), r(token.r + j);
            EACH_OF_FOUR {
                S[j + q] = S[j + q] * w.at[q] + sa * e.at[q] + here.v * k.at[q];
                sum += S[j + q] * r.at[q];
            }
        }
        y[at] = sum;
        erased[at] = sa;
        if ((t + 1) % CHUNK == 0) {
            float *end = kept + (head * (T / CHUNK) + t / CHUNK) * N * N + i;
#pragma unroll
            for (int j = 0; j < N; j++) end[j * N] = S[j];
        }
    }
#pragma unroll
    for (int j = 0; j < N; j++) own[j * N] = S[j];
}

struct Gradients {
    bf16 *r, *decay, *k, *v, *a, *e; // [B, T, H * N]
};

// States within a chunk are recomputed by inverting the step: S = (S - e sa^T - k v^T) / w.
static __global__ void __launch_bounds__(N) backward(int T, int H, Vectors in, const uint8_t *starts, const float *erased,
                                                     const float *kept, const float *gy, Gradients out) {
    const int i = threadIdx.x, h = blockIdx.x, b = blockIdx.y;
    const size_t head = (size_t)b * H + h, step = (size_t)H * N, begin = (size_t)b * T * step + h * N + i;
    __shared__ Keys tokens[2];
    __shared__ Values others[2];
    __shared__ Vector gsas;
    float S[N];              // row i of the state: S[j] is its element for key i and value j
    float row[N], column[N]; // row i and column i of the gradient of the state
#pragma unroll
    for (int j = 0; j < N; j++) S[j] = row[j] = column[j] = 0;

    for (int t = T - 1; t >= 0; t--) {
        const size_t at = begin + t * step;
        const Channel here = channel_of(in, at);
        Keys &token = tokens[t & 1];
        Values &other = others[t & 1];
        share(token, here, i);
        other.v[i] = here.v, other.gy[i] = gy[at], other.sa[i] = erased[at];
        if ((t + 1) % CHUNK == 0) {
            const float *end = kept + ((head * (T / CHUNK) + t / CHUNK) * N + i) * N;
#pragma unroll
            for (int j = 0; j < N; j++) S[j] = end[j];
        }
        __syncthreads();

        const float own = other.gy[i], inverse = 1.0f / here.w;
        float gv = 0, gsa = 0, gr = 0, gw = 0, gk = 0, ge = 0;
        EACH_FOUR {
            const Four r(token.r + j), k(token.k + j), e(token.e + j);
            EACH_OF_FOUR {
                column[j + q] += r.at[q] * own;
                gv += column[j + q] * k.at[q];
                gsa += column[j + q] * e.at[q];
            }
        }
        gsas.at[i] = gsa;
        EACH_FOUR {
            const Four gys(other.gy + j), v(other.v + j), sa(other.sa + j);
            EACH_OF_FOUR {
                gr += S[j + q] * gys.at[q];
                S[j + q] = (S[j + q] - here.k * v.at[q] - here.e * sa.at[q]) * inverse;
                row[j + q] += here.r * gys.at[q];
                gw += row[j + q] * S[j + q];
                gk += row[j + q] * v.at[q];
                ge += row[j + q] * sa.at[q];
            }
        }
        __syncthreads();

        float ga = 0;
        EACH_FOUR {
            const Four gsa_j(gsas.at + j), w(token.w + j), a(token.a + j);
            EACH_OF_FOUR {
                ga += S[j + q] * gsa_j.at[q];
                row[j + q] = row[j + q] * here.w + gsa_j.at[q] * here.a;
                column[j + q] = column[j + q] * w.at[q] + gsa * a.at[q];
            }
        }
        if (starts_here(starts, b, t, T)) { // the state before this token is empty
            gw = ga = 0;
#pragma unroll
            for (int j = 0; j < N; j++) row[j] = column[j] = 0;
        }
        out.r[at] = to_bf16(gr), out.decay[at] = to_bf16(gw * here.w), out.k[at] = to_bf16(gk);
        out.v[at] = to_bf16(gv), out.a[at] = to_bf16(ga), out.e[at] = to_bf16(ge);
    }
}

// Both functions return CUDA's error code, 0 for success. vectors: the fields of the struct Vectors, in its order;
// starts [B, T / CHUNK]; state [B, H, N, N] is updated. Saved for the backward pass: y and erased [B, T, H * N], and
// kept [B, H, T / CHUNK, N, N], the state after each chunk.
extern "C" int delta_rule_forward(int B, int T, int H, const bf16 *const *vectors, const uint8_t *starts, float *state,
                                  float *y, float *erased, float *kept, void *stream) {
    const Vectors in = {vectors[0], vectors[1], vectors[2], vectors[3], vectors[4], vectors[5]};
    const dim3 grid(H, B);
    return LAUNCH(forward, grid, N, stream, T, H, in, starts, state, y, erased, kept);
}

// gy [B, T, H * N]; gradients: the gradients of the six vectors, in the same order.
extern "C" int delta_rule_backward(int B, int T, int H, const bf16 *const *vectors, const uint8_t *starts,
                                   const float *erased, const float *kept, const float *gy, bf16 *const *gradients,
                                   void *stream) {
    const Vectors in = {vectors[0], vectors[1], vectors[2], vectors[3], vectors[4], vectors[5]};
    const Gradients out = {gradients[0], gradients[1], gradients[2], gradients[3], gradients[4], gradients[5]};
    const dim3 grid(H, B);
    return LAUNCH(backward, grid, N, stream, T, H, in, starts, erased, kept, gy, out);
}
