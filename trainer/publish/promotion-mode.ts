// Whether the best new model becomes champion, as the options say it.

export const promotionModes = ["auto", "always", "never"] as const;
export type PromotionMode = (typeof promotionModes)[number];

export const championAlias = "champion";
