// RWKV-7's time-mix without its matrix products, for one head of N = 64 at a time: decay, in-context rate, value
// residual, the generalized delta rule, group norm, bonus and gate (RWKV-7 paper, section 4; docs/RWKV.md §5).
#include "common.h"

#define N 64
#define DECAY 0.606531f // e^-0.5
#define NORM_EPS 64e-5f // of the group norm

enum { W0, A0, V0, KK, KA, RK, LNW, LNB, PARAMETERS }; // order of the vectors in `parameters` [PARAMETERS, C]

// Intermediate values of one token and head. The names are the paper's.
typedef struct {
    float r[N], k[N], v[N], w[N], a[N], g[N];
    float sw[N];            // sigmoid inside the decay
    float mine[N];          // the value before the first layer's value is mixed in
    float first[N], nu[N];  // the first layer's value, and its weight
    float kappa[N];         // k scaled by KK and normalized
    float raw[N], length;   // k before the rate is applied; |k * KK|
} Token ALIGNED;

typedef struct {
    const bf16 *r, *k, *v, *first, *w, *a, *nu, *g; // [B, T, C]; first and nu are NULL in the first layer
    const float *parameters;                        // [PARAMETERS, C]
} Inputs;

static void load(Token *z, const Inputs *in, size_t at, int C, int channel) {
    const float *p = in->parameters + channel;
    float squares = 0;
    for (int i = 0; i < N; i++) {
        z->r[i] = from_bf16(in->r[at + i]);
        z->raw[i] = from_bf16(in->k[at + i]);
        z->mine[i] = from_bf16(in->v[at + i]);
        z->g[i] = from_bf16(in->g[at + i]);
        z->sw[i] = sigmoid(p[W0 * C + i] + from_bf16(in->w[at + i]));
        z->w[i] = expf(-DECAY * z->sw[i]);
        z->a[i] = sigmoid(p[A0 * C + i] + from_bf16(in->a[at + i]));
        z->kappa[i] = z->raw[i] * p[KK * C + i];
        squares += z->kappa[i] * z->kappa[i];
        z->k[i] = z->raw[i] * (1 + (z->a[i] - 1) * p[KA * C + i]);
        z->v[i] = z->mine[i];
    }
    z->length = fmaxf(sqrtf(squares), 1e-12f);
    for (int i = 0; i < N; i++) z->kappa[i] /= z->length;
    if (in->first == NULL) return;
    for (int i = 0; i < N; i++) {
        z->first[i] = from_bf16(in->first[at + i]);
        z->nu[i] = sigmoid(p[V0 * C + i] + from_bf16(in->nu[at + i]));
        z->v[i] += (z->first[i] - z->mine[i]) * z->nu[i];
    }
}

static float normalize(const float *y, float *hat) { // returns 1 / standard deviation
    float sum = 0, squares = 0;
    for (int i = 0; i < N; i++) sum += y[i];
    float mean = sum / N;
    for (int i = 0; i < N; i++) squares += (y[i] - mean) * (y[i] - mean);
    float rstd = 1.0f / sqrtf(squares / N + NORM_EPS);
    for (int i = 0; i < N; i++) hat[i] = (y[i] - mean) * rstd;
    return rstd;
}

static float bonus(const Token *z, const float *rk) {
    float sum = 0;
    for (int i = 0; i < N; i++) sum += z->r[i] * z->k[i] * rk[i];
    return sum;
}

#define PARTS (N / LANES)
#define EACH_PART _Pragma("GCC unroll 4") for (int q = 0; q < PARTS; q++)
typedef lanes Row[PARTS];

static void read_row(Row row, const float *from) { memcpy(row, from, sizeof(Row)); }

// The generalized delta rule: S = S diag(w) - (S kappa) (kappa a)^T + v k^T, y = S r. In memory S is
// transposed: its rows are keys.
static void step(float S[N][N], const Token *z, float *y, float *erased) {
    Row sa, v, sum;
    EACH_PART sa[q] = sum[q] = (lanes){0};
    read_row(v, z->v);
    for (int j = 0; j < N; j++) {
        const lanes *s = (const lanes *)S[j];
        EACH_PART sa[q] -= s[q] * z->kappa[j];
    }
    for (int j = 0; j < N; j++) {
        lanes *s = (lanes *)S[j];
        float w = z->w[j], e = z->kappa[j] * z->a[j], k = z->k[j], r = z->r[j];
        EACH_PART {
            lanes fresh = s[q] * w + sa[q] * e + v[q] * k;
            s[q] = fresh;
            sum[q] += fresh * r;
        }
    }
    memcpy(y, sum, sizeof sum);
    memcpy(erased, sa, sizeof sa);
}

typedef struct {
    float *r, *k, *v;      // accumulated
    float *w, *e, *kappa;  // assigned. e is the gradient of kappa * a; kappa is only the gradient through S kappa
} Gradients;

// The backward pass of a step: S becomes the state before the token, D the gradient of that state.
static void unstep(float S[N][N], float D[N][N], const Token *z, const float *erased, const float *gy, const Gradients *g) {
    Row sa, v, y, gv, gsa;
    read_row(sa, erased);
    read_row(v, z->v);
    read_row(y, gy);
    EACH_PART gv[q] = gsa[q] = (lanes){0};
    for (int j = 0; j < N; j++) {
        lanes *s = (lanes *)S[j], *d = (lanes *)D[j];
        lanes sr = {0}, sw = {0}, sk = {0}, se = {0};
        float e = z->kappa[j] * z->a[j], k = z->k[j], r = z->r[j], inverse = 1.0f / z->w[j];
        EACH_PART {
            lanes old = s[q];
            sr += old * y[q];
            old = (old - v[q] * k - sa[q] * e) * inverse;
            s[q] = old;
            lanes slope = d[q] + y[q] * r;
            d[q] = slope;
            sw += slope * old;
            sk += slope * v[q];
            se += slope * sa[q];
            gv[q] += slope * k;
            gsa[q] += slope * e;
        }
        g->r[j] += lanes_sum(sr);
        g->k[j] += lanes_sum(sk);
        g->w[j] = lanes_sum(sw);
        g->e[j] = lanes_sum(se);
    }
    for (int j = 0; j < N; j++) {
        const lanes *s = (const lanes *)S[j];
        lanes *d = (lanes *)D[j], sx = {0};
        EACH_PART {
            sx += s[q] * gsa[q];
            d[q] = d[q] * z->w[j] - gsa[q] * z->kappa[j];
        }
        g->kappa[j] = -lanes_sum(sx);
    }
    Row before;
    read_row(before, g->v);
    EACH_PART gv[q] += before[q];
    memcpy(g->v, gv, sizeof gv);
}

// state [B, H, N (key), N (value)] is updated. out [B, T, C] bf16. Saved for the backward pass: y, erased [B, T, C] and
// kept [B, H, T / CHUNK, N, N], the state at the end of each chunk. `inputs` has the order of Inputs.
void time_mix7_forward(int B, int T, int H, const void *const *inputs, const uint8_t *starts, float *state, bf16 *out,
                       float *y, float *erased, float *kept) {
    const Inputs in = {inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], inputs[5], inputs[6], inputs[7], inputs[8]};
    const int C = H * N;
#pragma omp parallel for collapse(2) schedule(dynamic)
    for (int b = 0; b < B; b++)
        for (int h = 0; h < H; h++) {
            float S[N][N] ALIGNED;
            Token z;
            float *own = state + ((size_t)b * H + h) * N * N;
            const float *p = in.parameters + h * N;
            memcpy(S, own, sizeof S);
            for (int t = 0; t < T; t++) {
                size_t at = ((size_t)b * T + t) * C + h * N;
                if (starts_here(starts, b, t, T)) memset(S, 0, sizeof S);
                load(&z, &in, at, C, h * N);
                float sum[N] ALIGNED, hat[N] ALIGNED;
                step(S, &z, sum, erased + at);
                memcpy(y + at, sum, sizeof sum);
                if ((t + 1) % CHUNK == 0)
                    memcpy(kept + (((size_t)b * H + h) * (T / CHUNK) + t / CHUNK) * N * N, S, sizeof S);
                normalize(sum, hat);
                float extra = bonus(&z, p + RK * C);
                for (int i = 0; i < N; i++)
                    out[at + i] = to_bf16((hat[i] * p[LNW * C + i] + p[LNB * C + i] + extra * z.v[i]) * z.g[i]);
            }
            memcpy(own, S, sizeof S);
        }
}

// gout [B, T, C] bf16; grads: the gradients of the eight inputs, bf16; gparameters [B, PARAMETERS, C], to be summed
// over B.
void time_mix7_backward(int B, int T, int H, const void *const *inputs, const uint8_t *starts, const bf16 *gout,
                        const float *y, const float *erased, const float *kept, bf16 *const *grads, float *gparameters) {
    const Inputs in = {inputs[0], inputs[1], inputs[2], inputs[3], inputs[4], inputs[5], inputs[6], inputs[7], inputs[8]};
    const int C = H * N;
#pragma omp parallel for collapse(2) schedule(dynamic)
    for (int b = 0; b < B; b++)
        for (int h = 0; h < H; h++) {
            float S[N][N] ALIGNED, D[N][N] ALIGNED; // the state, and the gradient of the state
            float sums[PARAMETERS][N] ALIGNED;
            Token z;
            const float *p = in.parameters + h * N;
            memset(D, 0, sizeof D);
            memset(sums, 0, sizeof sums);
            for (int t = T - 1; t >= 0; t--) {
                size_t at = ((size_t)b * T + t) * C + h * N;
                int start = starts_here(starts, b, t, T);
                if ((t + 1) % CHUNK == 0)
                    memcpy(S, kept + (((size_t)b * H + h) * (T / CHUNK) + t / CHUNK) * N * N, sizeof S);
                load(&z, &in, at, C, h * N);
                float hat[N] ALIGNED, gy[N] ALIGNED, gr[N] ALIGNED, gk[N] ALIGNED, gv[N] ALIGNED, gw[N] ALIGNED;
                float ge[N] ALIGNED, gkappa[N] ALIGNED;
                float rstd = normalize(y + at, hat), extra = bonus(&z, p + RK * C);

                // Gate, bonus, group norm.
                float gextra = 0, sum = 0, dot = 0;
                for (int i = 0; i < N; i++) {
                    float go = from_bf16(gout[at + i]), normed = hat[i] * p[LNW * C + i] + p[LNB * C + i];
                    grads[7][at + i] = to_bf16(go * (normed + extra * z.v[i]));
                    go *= z.g[i];
                    sums[LNW][i] += go * hat[i];
                    sums[LNB][i] += go;
                    gextra += go * z.v[i];
                    gv[i] = go * extra;
                    gy[i] = go * p[LNW * C + i];
                    sum += gy[i];
                    dot += gy[i] * hat[i];
                }
                for (int i = 0; i < N; i++) {
                    gy[i] = rstd * (gy[i] - sum / N - hat[i] * dot / N);
                    gr[i] = gextra * z.k[i] * p[RK * C + i];
                    gk[i] = gextra * z.r[i] * p[RK * C + i];
                    sums[RK][i] += gextra * z.r[i] * z.k[i];
                }

                unstep(S, D, &z, erased + at, gy, &(Gradients){gr, gk, gv, gw, ge, gkappa});
                if (start) {
                    memset(D, 0, sizeof D);
                    memset(gw, 0, sizeof gw);
                    memset(gkappa, 0, sizeof gkappa);
                }

                // The gradients of the inputs.
                float along = 0;
                for (int i = 0; i < N; i++) {
                    gkappa[i] += ge[i] * z.a[i];
                    along += gkappa[i] * z.kappa[i];
                }
                for (int i = 0; i < N; i++) {
                    float ga = ge[i] * z.kappa[i] + gk[i] * z.raw[i] * p[KA * C + i];
                    ga *= z.a[i] * (1 - z.a[i]);
                    sums[A0][i] += ga;
                    sums[KA][i] += gk[i] * z.raw[i] * (z.a[i] - 1);
                    float gu = gw[i] * z.w[i] * -DECAY * z.sw[i] * (1 - z.sw[i]);
                    sums[W0][i] += gu;
                    float gz = (gkappa[i] - z.kappa[i] * along) / z.length;
                    sums[KK][i] += gz * z.raw[i];
                    grads[0][at + i] = to_bf16(gr[i]);
                    grads[1][at + i] = to_bf16(gk[i] * (1 + (z.a[i] - 1) * p[KA * C + i]) + gz * p[KK * C + i]);
                    grads[4][at + i] = to_bf16(gu);
                    grads[5][at + i] = to_bf16(ga);
                }
                if (in.first == NULL)
                    for (int i = 0; i < N; i++) grads[2][at + i] = to_bf16(gv[i]);
                else
                    for (int i = 0; i < N; i++) {
                        float gn = gv[i] * (z.first[i] - z.mine[i]) * z.nu[i] * (1 - z.nu[i]);
                        sums[V0][i] += gn;
                        grads[2][at + i] = to_bf16(gv[i] * (1 - z.nu[i]));
                        grads[3][at + i] = to_bf16(gv[i] * z.nu[i]);
                        grads[6][at + i] = to_bf16(gn);
                    }
            }
            for (int i = 0; i < PARAMETERS; i++)
                memcpy(gparameters + ((size_t)b * PARAMETERS + i) * C + h * N, sums[i], sizeof sums[i]);
        }
}
