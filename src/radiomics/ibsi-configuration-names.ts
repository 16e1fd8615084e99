/** Configurations of the CT phantom in the IBSI 1 reference manual. */
export const ibsiConfigurations = ['A', 'B', 'C', 'D', 'E'] as const;
export type IbsiConfiguration = (typeof ibsiConfigurations)[number];
