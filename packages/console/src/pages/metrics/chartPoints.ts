/** The points of a chart: about one per four pixels of a wide screen. */
export const chartPoints = 240;
