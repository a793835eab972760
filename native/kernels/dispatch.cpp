// Selects the kernel tables that this machine supports.
#include "kernels.h"

#define TABLE(isa)                  \
    namespace isa {                 \
    extern const Kernels table;     \
    }
TABLE(scalar)
#if defined(__x86_64__)
TABLE(avx2)
TABLE(avxvnni)
TABLE(avx512)
#elif defined(__aarch64__)
TABLE(neon)
#endif
#if defined(__x86_64__)
#include <cpuid.h>

// F16C and AVX-VNNI are tested here, because not every compiler's __builtin_cpu_supports knows them.
static bool has_f16c() {
    unsigned a, b, c, d;
    return __get_cpuid(1, &a, &b, &c, &d) && (c & 1 << 29);
}
static bool has_avxvnni() {
    unsigned a = 0, b, c, d;
    return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & 1 << 4);
}
#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>
#endif

const Kernels *kernels_at(int index) {
    const Kernels *found[5] = {&scalar::table};
    int count = 1;
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && has_f16c();
    if (has_avx2) found[count++] = &avx2::table;
    if (has_avx2 && has_avxvnni()) found[count++] = &avxvnni::table;
    if (has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vnni"))
        found[count++] = &avx512::table;
#elif defined(__aarch64__) && defined(__linux__)
    if (getauxval(AT_HWCAP) & (1UL << 20)) found[count++] = &neon::table; // HWCAP_ASIMDDP
#elif defined(__aarch64__)
    found[count++] = &neon::table; // all Macs with Arm processors support it
#endif
    return index < count ? found[index] : nullptr;
}
