/** Where a pending profile update is approved in Palette. */
export const whereToApprove =
  "Tenant Settings > Private Cloud Gateways > the gateway > Updates, review the changes, then Confirm updates";
