import { features, type Feature, type Mixture } from "../../src/core/calibration.js";
import { randomFrom } from "../../test/support/random.js";
import { bounds, type Sample } from "./mixtureSamples.js";

const epochs = 12;
const batch = 256;
const firstRate = 0.05;
/** Added to the probability of a token, so that its logarithm is finite. */
const floor = 1e-9;

/** The scores of one expert: one for each bucket of each feature. */
type Scores = Record<Feature, number[]>;

/** Fits the scores that make the actual tokens most likely, by gradient descent (Adam). */
export function fitMixture(samples: readonly Sample[]): Mixture {
  const shuffled = shuffle(samples);
  const count = samples[0]?.experts.length ?? 0;
  const zeros = (): Scores[] => Array.from({ length: count }, () => perFeature((own) => own.map(() => 0)));
  const [experts, first, second] = [zeros(), zeros(), zeros()];
  const inEpoch = Math.ceil(samples.length / batch);
  for (let step = 0; step < epochs * inEpoch; step++) {
    const slopes = zeros();
    const start = (step % inEpoch) * batch;
    for (const sample of shuffled.slice(start, start + batch)) addSlopes(slopes, sample, experts);
    const rate = firstRate * (1 - step / (epochs * inEpoch));
    experts.forEach((scores, expert) => {
      for (const feature of features) {
        scores[feature].forEach((_, bucket) => {
          const slope = (slopes[expert]?.[feature][bucket] ?? 0) / batch;
          const mean = averaged(first[expert]?.[feature], { bucket, value: slope, keeps: 0.9 });
          const square = averaged(second[expert]?.[feature], { bucket, value: slope * slope, keeps: 0.99 });
          scores[feature][bucket] = (scores[feature][bucket] ?? 0) - (rate * mean) / (Math.sqrt(square) + 1e-6);
        });
      }
    });
  }
  const rounded = (scores: readonly number[]): number[] => scores.map((score) => Number(score.toFixed(3)));
  return { bounds, experts: experts.map((scores) => perFeature((_, feature) => rounded(scores[feature]))) };
}

function shuffle(samples: readonly Sample[]): Sample[] {
  const random = randomFrom(3);
  return samples
    .map((sample) => ({ sample, place: random.below(2 ** 30) }))
    .sort((a, b) => a.place - b.place)
    .map(({ sample }) => sample);
}

function perFeature(make: (bounds: readonly number[], feature: Feature) => number[]): Scores {
  // The object has an entry for each feature.
  return Object.fromEntries(features.map((one) => [one, make(bounds[one], one)])) as Scores;
}

function averaged(
  means: number[] = [],
  { bucket, value, keeps }: { readonly bucket: number; readonly value: number; readonly keeps: number },
): number {
  return (means[bucket] = keeps * (means[bucket] ?? 0) + (1 - keeps) * value);
}

/**
 * Adds the gradient of -log p to `slopes`, where p is the probability of the actual token in the mixture. For each
 * score of an expert, the gradient is the expert's weight minus the share of p that comes from the expert.
 */
function addSlopes(slopes: readonly Scores[], sample: Sample, experts: Mixture["experts"]): void {
  const { shares, both } = mixedOf(sample, experts);
  sample.experts.forEach((probabilities, expert) => {
    if (probabilities === undefined) return;
    const share = shares[expert + 1] ?? 0;
    const slope = share - (share * (probabilities.share + floor)) / both;
    for (const feature of features) {
      const own = slopes[expert]?.[feature] ?? [];
      const bucket = probabilities.buckets[feature];
      own[bucket] = (own[bucket] ?? 0) + slope;
    }
  });
}

/** The weights of the model and of the experts for a sample, and the probability of the actual token in the mixture. */
function mixedOf(
  { model, experts: probabilities }: Sample,
  experts: Mixture["experts"],
): { readonly shares: readonly number[]; readonly both: number } {
  const scoreOf = (expert: number, buckets: Record<Feature, number>): number =>
    features.reduce((sum, feature) => sum + (experts[expert]?.[feature][buckets[feature]] ?? 0), 0);
  const parts = [
    1,
    ...probabilities.map((one, expert) => (one === undefined ? 0 : Math.exp(scoreOf(expert, one.buckets)))),
  ];
  const all = parts.reduce((a, b) => a + b, 0);
  const shares = parts.map((part) => part / all);
  const given = [model, ...probabilities.map((one) => one?.share ?? 0)];
  return { shares, both: given.reduce((sum, one, i) => sum + one * (shares[i] ?? 0), floor) };
}

/** Bits per token by the model alone and by the mixture, over the tokens with an n-gram prediction. */
export function bitsOf(
  samples: readonly Sample[],
  mixture: Mixture,
): { readonly model: number; readonly both: number } {
  const mean = (of: (sample: Sample) => number): number =>
    samples.reduce((sum, sample) => sum - Math.log2(of(sample)), 0) / Math.max(1, samples.length);
  return {
    model: mean(({ model }) => model + floor),
    both: mean((sample) => mixedOf(sample, mixture.experts).both),
  };
}
