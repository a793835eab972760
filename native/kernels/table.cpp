// Compiled once per instruction set, with RWKV_ISA defined as the set's name.
#include "elementwise.h"
#include "kernels.h"
#include "multiply.h"
#include "summary.h"
#include "time_mix.h"

#define TEXT_OF(name) #name
#define NAME_OF(name) TEXT_OF(name)

namespace RWKV_ISA {

extern const Kernels table;
const Kernels table = {
    NAME_OF(RWKV_ISA),
    multiply_plain<float>,
    multiply_plain<Bf16>,
    multiply_plain<Fp16>,
    multiply_packed<EightBits>,
    multiply_packed<FourBits>,
    quantize,
    layer_norm,
    interpolate,
    add,
    tanh_row,
    sigmoid_row,
    relu_squared,
    multiply,
    summarize,
    time_mix7,
    time_mix5,
    wkv4,
};

} // namespace RWKV_ISA
