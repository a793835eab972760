// Runs each emulated CUDA kernel on two rows of two chunks, for -fsanitize=thread, which reports data races between the
// threads of a block.
#include <cstddef>
#include <cstdint>
#include <vector>

using std::size_t;
typedef uint16_t bf16;

extern "C" {
int delta_rule_forward(int, int, int, const bf16 *const *, const uint8_t *, float *, float *, float *, float *, void *);
int delta_rule_backward(int, int, int, const bf16 *const *, const uint8_t *, const float *, const float *, const float *,
                        bf16 *const *, void *);
int wkv4_forward(int, int, int, const void *const *, float *, float *, void *);
int wkv4_backward(int, int, int, const void *const *, const float *, const float *, const float *, float *, float *,
                  void *const *, void *);
}

int main() {
    const int B = 2, T = 32, H = 1, C = 64, CHUNK = 16;
    const size_t all = (size_t)B * T * C;
    const bf16 small = 0xbdcc; // about -0.1
    std::vector<bf16> vectors(6 * all, small), gradients(6 * all);
    std::vector<uint8_t> starts = {0, 0, 0, 1};
    std::vector<float> state(B * H * 64 * 64, 0.5f), y(all), erased(all), kept(B * H * (T / CHUNK) * 64 * 64), gy(all, 1);
    std::vector<float> scratch(all), own(all), sums(B * 3 * C, 0.5f), before = sums, parameters(C, -0.1f), gdecay(B * C);
    std::vector<float> gfirst(B * C);
    const bf16 *in[6];
    bf16 *out[6];
    for (int i = 0; i < 6; i++) in[i] = &vectors[i * all], out[i] = &gradients[i * all];
    const void *inputs4[] = {in[0], in[1], parameters.data(), parameters.data(), starts.data()};
    void *out4[] = {out[0], out[1], gdecay.data(), gfirst.data()};

    int error = delta_rule_forward(B, T, H, in, starts.data(), state.data(), y.data(), erased.data(), kept.data(), nullptr);
    error |= delta_rule_backward(B, T, H, in, starts.data(), erased.data(), kept.data(), gy.data(), out, nullptr);
    error |= wkv4_forward(B, T, C, inputs4, sums.data(), y.data(), nullptr);
    error |= wkv4_backward(B, T, C, inputs4, before.data(), y.data(), gy.data(), scratch.data(), own.data(), out4, nullptr);
    return error;
}
