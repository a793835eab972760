// Which tables there are, and which of them this machine runs.
#include "kernels.h"

#define TABLE(isa)                  \
    namespace isa {                 \
    extern const Kernels table;     \
    }
TABLE(scalar)
#if defined(__x86_64__)
TABLE(avx2)
TABLE(avx512)
#elif defined(__aarch64__)
TABLE(neon)
#endif
#if defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

const Kernels *kernels_at(int index) {
    const Kernels *found[4] = {&scalar::table};
    int count = 1;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) found[count++] = &avx2::table;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vnni"))
        found[count++] = &avx512::table;
#elif defined(__aarch64__) && defined(__linux__)
    if (getauxval(AT_HWCAP) & (1UL << 20)) found[count++] = &neon::table; // HWCAP_ASIMDDP
#elif defined(__aarch64__)
    found[count++] = &neon::table; // every Apple processor has it
#endif
    return index < count ? found[index] : nullptr;
}
