import { fromEnv } from '@aws-sdk/credential-provider-env'

/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundles. Lambda gives a function its role's credentials in the
 * environment; the SSO, profile, process and instance providers of the full chain are never asked there.
 */
export const defaultProvider = () => fromEnv()
