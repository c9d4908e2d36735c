// A spec with every kind of feature a form can show, and none of the words of the real data.
import { checkSpec } from "#core/dataset/spec.ts";

const origins = Array.from({ length: 20 }, (_, index) => `Mine ${index + 1}`);

export const gems = checkSpec({
  name: "gems",
  title: "Gems",
  version: 1,
  task: "regression",
  source: { format: "csv", path: "gems.csv" },
  target: { name: "worth", title: "Value", unit: "EUR", transform: "log", minimum: 1 },
  features: [
    {
      name: "weight",
      title: "Weight",
      type: "number",
      unit: "ct",
      description: "How heavy the gem is.",
      ...{ minimum: 0.02, maximum: 20, step: 0.01, example: 1.2, required: true },
    },
    {
      name: "grade",
      title: "Grade",
      type: "category",
      levels: ["C", "B", "A"],
      levelDescriptions: { C: "Plain.", B: "Good.", A: "Without a flaw." },
      ...{ ordered: true, example: "A", required: true },
    },
    { name: "origin", title: "Origin", type: "category", levels: origins, required: true },
    { name: "treatment", title: "Treatment", type: "category", levels: ["oil", "none"], ordered: true },
    { name: "height", title: "Height", type: "number", unit: "mm", minimum: 1, maximum: 30 },
    { name: "age", title: "Age", type: "number", unit: "years", minimum: 0 },
  ],
  split: { testShare: 0.2, seed: 1 },
  similar: { match: ["grade"], nearest: "weight" },
});
