/** How often a paid plan is paid for. */
export type WixBillingCycle =
  | 'NO_CYCLE'
  | 'MONTHLY'
  | 'YEARLY'
  | 'ONE_TIME'
  | 'TWO_YEARS'
  | 'THREE_YEARS'
  | 'FOUR_YEARS'
  | 'FIVE_YEARS'
  | (string & {});

/** What Wix tells about a paid plan. Every field may be missing. */
export interface WixPlanData {
  /** When it happened, as ISO date. */
  readonly operationTimeStamp?: string;
  /** The plan's product id. */
  readonly vendorProductId?: string;
  readonly cycle?: WixBillingCycle;
  /** When the plan ends, as ISO date. */
  readonly expiresOn?: string;
  readonly couponName?: string;
  readonly invoiceId?: string;
}

/**
 * What comes with the events of an app's life on a site, by event type
 * (https://dev.wix.com/docs/rest/app-management/app-instance/introduction).
 */
export interface WixLifecycleData {
  /** The app was installed. Says nothing about the site: ask Get App Instance with the event's `instanceId`. */
  readonly AppInstalled: {
    readonly appId?: string;
    /** The installation this one was copied from, when a site was duplicated. */
    readonly originInstanceId?: string;
  };
  /** The app was removed. */
  readonly AppRemoved: { readonly appId?: string };
  readonly PaidPlanPurchased: WixPlanData;
  readonly PaidPlanChanged: WixPlanData & {
    readonly previousVendorProductId?: string;
    readonly previousCycle?: WixBillingCycle;
  };
  readonly PaidPlanAutoRenewalCancelled: WixPlanData & {
    readonly cancelReason?: string;
    readonly userReason?: string;
    readonly subscriptionCancellationType?: string;
    readonly cancelledDuringFreeTrial?: boolean;
  };
  readonly PlanConvertedToPaid: WixPlanData;
  readonly PlanReactivated: WixPlanData & { readonly reason?: string };
  readonly PlanTransferred: WixPlanData;
}

/** An event of an app's life on a site. */
export type WixLifecycleEventType = keyof WixLifecycleData;
