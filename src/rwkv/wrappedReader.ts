import type { Reader } from "../core/model.js";

/** A Reader that reads with `feed` and otherwise delegates to the given one. */
export function withFeed(reader: Reader, feed: Reader["feed"]): Reader {
  return {
    feed,
    save: () => reader.save(),
    restore: (state) => {
      reader.restore(state);
    },
    distanceTo: (state) => reader.distanceTo(state),
    dispose: () => {
      reader.dispose();
    },
  };
}
