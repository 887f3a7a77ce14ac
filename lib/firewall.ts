import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib'
import type { RestApi } from 'aws-cdk-lib/aws-apigateway'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2'
import { Construct } from 'constructs'

const WINDOW_SECONDS = 300
/** Calls of one address in the window. A person opens and answers a link by two; a scanner of mail opens it many times. */
const MOST_ON_LINKS = 100
/** A whole office may call from one address. */
const MOST_ON_ALL = 2000

/**
 * A brake in front of the stage, not the lock: links are 256 random bits, and everything else is signed. WAF counts with a delay of
 * seconds to minutes.
 *
 * Its log names no path, because the path of a link is a credential, and only what was stopped or counted; what passes is in the
 * access log. Redaction does not reach WAF's own samples of requests, so it takes none.
 */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, api: RestApi) {
    super(scope, id)
    const acl = new CfnWebACL(this, 'Acl', {
      description: 'Lapse: slows down who calls too often',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: unsampled('lapse'),
      rules: [
        rule(0, 'links', { action: { block: {} }, statement: { rateBasedStatement: ON_LINKS } }),
        rule(1, 'all', { action: { block: {} }, statement: { rateBasedStatement: ON_ALL } }),
        rule(2, 'common', { overrideAction: { none: {} }, statement: { managedRuleGroupStatement: COMMON } }),
      ],
    })
    const guarding = new CfnWebACLAssociation(this, 'Stage', {
      webAclArn: acl.attrArn,
      resourceArn: api.deploymentStage.stageArn,
    })
    guarding.node.addDependency(api.deploymentStage)
    this.#log(acl, api)
  }

  /** WAF takes only groups whose name begins so. The id of the API makes the name new for every stack: the group outlives its stack. */
  #log(acl: CfnWebACL, api: RestApi): void {
    const logs = new LogGroup(this, 'Logs', {
      logGroupName: `aws-waf-logs-lapse-${api.restApiId}`,
      retention: RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const [service, resource, arnFormat] = ['logs', 'log-group', ArnFormat.COLON_RESOURCE_NAME] as const
    const group = Stack.of(this).formatArn({ service, resource, resourceName: logs.logGroupName, arnFormat })
    const logging = new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: acl.attrArn,
      logDestinationConfigs: [group],
      redactedFields: [{ uriPath: {} }, { queryString: {} }, ...SECRET_HEADERS.map(singleHeaderOf)],
      loggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: ['BLOCK', 'COUNT', 'EXCLUDED_AS_COUNT'].map(Action => ({ ActionCondition: { Action } })),
          },
        ],
      },
    })
    logging.node.addDependency(logs)
  }
}

/** A page's own address, and the proof of a signature. */
const SECRET_HEADERS = ['referer', 'authorization', 'x-amz-security-token'] as const

function singleHeaderOf(header: string): CfnLoggingConfiguration.FieldToMatchProperty {
  return { singleHeader: { Name: header } }
}

/** `contains`: before the route stands the stage, or what a domain of one's own has there. */
const ON_LINKS: CfnWebACL.RateBasedStatementProperty = {
  aggregateKeyType: 'IP',
  limit: MOST_ON_LINKS,
  evaluationWindowSec: WINDOW_SECONDS,
  scopeDownStatement: {
    byteMatchStatement: {
      fieldToMatch: { uriPath: {} },
      positionalConstraint: 'CONTAINS',
      searchString: '/decide/',
      textTransformations: [{ priority: 0, type: 'URL_DECODE' }],
    },
  },
}

const ON_ALL: CfnWebACL.RateBasedStatementProperty = {
  aggregateKeyType: 'IP',
  limit: MOST_ON_ALL,
  evaluationWindowSec: WINDOW_SECONDS,
}

/**
 * Rules of the common set that judge the text of a body only count: a reason may quote a path, a tag or an address, bodies reach 16 KB,
 * and every body is parsed by a schema and shown escaped.
 * https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
const COUNTED = [
  'SizeRestrictions_BODY',
  'CrossSiteScripting_BODY',
  'GenericLFI_BODY',
  'GenericRFI_BODY',
  'EC2MetaDataSSRF_BODY',
]

const COMMON: CfnWebACL.ManagedRuleGroupStatementProperty = {
  vendorName: 'AWS',
  name: 'AWSManagedRulesCommonRuleSet',
  ruleActionOverrides: COUNTED.map(name => ({ name, actionToUse: { count: {} } })),
}

function rule(
  priority: number,
  name: string,
  what: Pick<CfnWebACL.RuleProperty, 'action' | 'overrideAction' | 'statement'>,
): CfnWebACL.RuleProperty {
  return { name, priority, visibilityConfig: unsampled(`lapse-${name}`), ...what }
}

function unsampled(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: false }
}
