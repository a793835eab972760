/** llama.cpp's names of the element types, in the order of their numbers. */
// prettier-ignore
const names: readonly string[] = [
  "F32", "F16", "Q4_0", "Q4_1", "Q4_2", "Q4_3", "Q5_0", "Q5_1", "Q8_0", "Q8_1",
  "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_K",
  "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS",
  "I8", "I16", "I32", "I64", "F64", "IQ1_M", "BF16",
  "Q4_0_4_4", "Q4_0_4_8", "Q4_0_8_8", "TQ1_0", "TQ2_0",
  "IQ4_NL_4_4", "IQ4_NL_4_8", "IQ4_NL_8_8", "MXFP4",
];

/** The supported types, by the names under which files are published. */
export const readTypes = "F16, BF16, F32, Q8_0, Q6_K, Q5_K, Q5_1, Q5_0, Q4_K and Q4_0";

/** The name of a type, or its number if the type is newer than this list. */
export function ggufTypeName(number: number): string {
  return names[number] ?? `${number}`;
}
