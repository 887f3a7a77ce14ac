/** The CloudWatch namespace of everything Lapse counts. */
export const METRIC_NAMESPACE = 'Lapse'
