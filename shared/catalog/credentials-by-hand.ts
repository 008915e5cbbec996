/**
 * How a person comes by the credentials of the best-known destinations, one a line:
 * slug | key of the setting or field | what its maker calls it | the way to it in the tool | the right it needs | what a wrong one answers.
 * The last cell begins with the HTTP status of the answer, or with `silent` where the tool answers as to a right one; words of the answer follow.
 * Facts of the makers' own public documentation, of Segment's (see NOTICE) and of the code that sends, in our words. A cell that nobody here is
 * sure of is empty. Menus move: a line that is no longer true is a line to mend.
 */
export const CREDENTIALS_BY_HAND = `
amplitude | apiKey | API key | Settings, Organization settings, Projects, the project, General | | 400 Invalid API key
amplitude | secretKey | Secret key | Settings, Organization settings, Projects, the project, General | |
amplitude-cohorts | api_key | API key | Settings, Organization settings, Projects, the project, General | |
amplitude-cohorts | secret_key | Secret key | Settings, Organization settings, Projects, the project, General | |
amplitude-cohorts | app_id | Project ID | Settings, Organization settings, Projects, the project, General | |
amplitude-cohorts | default_owner_email | E-mail address of a user | Of somebody with a login to the Amplitude organization | |
mixpanel | projectToken | Project token | Settings, Project settings, Overview, Access keys | |
mixpanel | apiSecret | API secret | Settings, Project settings, Overview, Access keys | | 401 Invalid credentials
google-analytics-4 | apiSecret | Measurement Protocol API secret | Admin, Data streams, the stream, Measurement Protocol API secrets, Create | Editor of the property | silent
google-analytics-4 | measurementId | Measurement ID | Admin, Data streams, the web stream; begins with G- | | silent
google-analytics-4 | firebaseAppId | Firebase app ID | Firebase console, Project settings, General, Your apps, App ID | | silent
braze | api_key | REST API key | Settings, APIs and Identifiers, API keys, Create API key | users.track; besides, users.identify, users.alias.new, users.delete and subscription.status.set for the mappings that use them | 401 Invalid API key
braze | app_id | App identifier | Settings, APIs and Identifiers, App identifiers | |
braze | endpoint | REST endpoint | Settings, APIs and Identifiers; or by the address of the dashboard, such as dashboard-01 and rest.iad-01 | | 401 Invalid API key
braze-web | api_key | API key of the web app | Settings, App settings, the web app, API key | |
braze-web | endpoint | SDK endpoint | Settings, App settings, the web app, SDK endpoint | |
braze-web | sdkVersion | Version of the Web SDK | The version that the site is to load | |
customerio | siteId | Site ID | Settings, Workspace settings, API and webhook credentials, Tracking API keys | | 401 Unauthorized
customerio | apiKey | Tracking API key | Settings, Workspace settings, API and webhook credentials, Tracking API keys; not an App API key | | 401 Unauthorized
hubspot | accessToken | Access token of a private app | Settings, Integrations, Private apps, the app, Auth, Access token | Scopes crm.objects.contacts.read and .write; those of companies and custom objects, and behavioral events (Marketing Hub Enterprise), for the mappings that use them | 401 Authentication credentials not found
hubspot | portalId | Hub ID | The menu of the account, top right | |
intercom | accessToken | Access token | Developer Hub, the app, Configure, Authentication | Read and write users and companies, write events | 401 Access Token Invalid
klaviyo | api_key | Private API key | Settings, API keys, Create private API key; begins with pk_ | Full access to accounts, campaigns, events, lists, profiles, segments and subscriptions | 401
iterable | apiKey | API key of the type Server-side | Integrations, API keys, New API key | | 401 Invalid API key
iterable-lists | apiKey | API key of the type Server-side | Integrations, API keys, New API key | | 401 Invalid API key
iterable-audiences | apiKey | API key of the type Server-side | Integrations, API keys, New API key | | 401 Invalid API key
sendgrid | sendGridApiKey | API key | Settings, API keys, Create API key | Marketing full access for contacts; Mail send, Template engine, IP management and Category management full access for e-mails | 401 The provided authorization grant is invalid, expired, or revoked
sendgrid-audiences | sendGridApiKey | API key | Settings, API keys, Create API key | Marketing full access | 401 The provided authorization grant is invalid, expired, or revoked
twilio | accountId | Account SID | Console, Account Info; begins with AC | | 401 Authenticate
twilio | token | Auth token | Console, Account Info | | 401 Authenticate
twilio | phoneNumber | Phone number | Console, Phone Numbers, Manage, Active numbers | |
twilio-messaging | accountSID | Account SID | Console, Account Info; begins with AC | | 401 Authenticate
twilio-messaging | apiKeySID | SID of an API key | Console, Account Info, Go to API keys, Create API key, type Standard; begins with SK | | 401 Authenticate
twilio-messaging | apiKeySecret | Secret of the API key | Shown once, when the API key is made | | 401 Authenticate
twilio-studio | accountSid | Account SID | Console, Account Info; begins with AC | | 401 Authenticate
twilio-studio | authToken | Auth token | Console, Account Info | | 401 Authenticate
twilio-studio | spaceId | Space ID | Segment, Unify, the space, Unify settings, API access | |
twilio-studio | profileApiAccessToken | Profile API access token | Segment, Unify, the space, Unify settings, API access, Generate token | |
slack | url | Webhook URL of an incoming webhook | api.slack.com/apps, the app, Incoming Webhooks, Add new webhook to workspace | incoming-webhook, for one channel | 404 no_service
webhook | sharedSecret | Shared secret | Any text of yours; give the same to the receiver, which checks the signature with it | |
segment | source_write_key | Write key | Connections, Sources, the source, Settings, API keys | | silent
repeater | repeatKeys | Write keys | Here: Sources, the source, Settings, Write keys | |
adobe-analytics | reportSuiteId | Report suite ID | Admin, Report suites, the first column of the list | |
adobe-analytics | trackingServerUrl | Tracking server | In the code of the site that measures already, s.trackingServer; or the edge domain that Adobe gave you | |
adobe-target | client_code | Client code | Administration, Implementation, Account details | |
adobe-target | bearer_token | Profile authentication token | Administration, Implementation, Profile API, Generate new profile authentication token | |
posthog | api_key | Project API key | Settings, Project, General; begins with phc_ | |
posthog | project_id | Project ID | Settings, Project, General | |
heap | appId | App ID | Account, Manage, Projects, the environment | |
fullstory | apiKey | API key | Settings, Integrations, API keys, Create key | Standard; Admin or Architect for deletions | 401
launchdarkly | client_id | Client-side ID | Project settings, Environments, the menu of the environment | |
launchdarkly-audiences | apiKey | Service token | Organization settings, Authorization, Access tokens, Create token, service token | Writer, or a custom role with createSegment and updateIncluded | 401
launchdarkly-audiences | clientId | Client-side ID | Project settings, Environments, the menu of the environment | |
salesforce-marketing-cloud | client_id | Client ID | Setup, Platform tools, Apps, Installed packages, the package, API integration of the type Server-to-Server | | 401 invalid_client
salesforce-marketing-cloud | client_secret | Client secret | Setup, Platform tools, Apps, Installed packages, the package, API integration of the type Server-to-Server | Email, Web, List and subscribers, Data extensions, Webhooks: read and write; Automations: read, write, execute; Journeys and Tracking events: read | 401 invalid_client
salesforce-marketing-cloud | subdomain | Subdomain | In the REST base URI of the package; 28 characters that begin with mc | |
salesforce-marketing-cloud | account_id | Account ID (MID) | Beside the name of the business unit, top right | |
marketo-static-lists | client_id | Client ID | Admin, Integration, LaunchPoint, the service, View details | | 401 unauthorized
marketo-static-lists | client_secret | Client secret | Admin, Integration, LaunchPoint, the service, View details | An API-only user with a role that has Access API and Access Lead Database | 401 unauthorized
marketo-static-lists | api_endpoint | REST API endpoint | Admin, Integration, Web services, REST API, Endpoint, without /rest at its end | |
facebook-custom-audiences | accessToken | Access token of a system user | Business settings, Users, System users, Generate new token, for an app of yours | ads_management; Advertiser or Admin of the ad account |
facebook-custom-audiences | retlAdAccountId | Ad account ID | Ads Manager, the menu of accounts | |
tiktok-conversions | accessToken | Access token of the Events API | Ads Manager, Tools, Events, Web events, the pixel, Settings, Events API, Generate access token | | silent 40105 in the body of a 200
tiktok-conversions | pixelCode | Pixel ID | Ads Manager, Tools, Events, Web events, the pixel | |
tiktok-audiences | accessToken | Long-term access token | business-api.tiktok.com, My apps, the app, by the consent of the advertiser | Audience management; Admin or Operator of the ad account |
pinterest-conversions | conversion_token | Conversion access token | Ads Manager, Conversions, Set up API, Generate new token | | 401 Authentication failed
pinterest-conversions | ad_account_id | Ad account ID | Ads Manager, in the address after /advertiser/ | |
reddit-conversions-api | conversion_token | Conversion access token | Ads, Events Manager, Conversions API, Generate access token | | 401
reddit-conversions-api | ad_account_id | Pixel ID | Ads, Events Manager | |
ms-bing-capi | ApiToken | API token | From Microsoft's support, or by its request form | |
ms-bing-capi | UetTag | UET tag ID | Conversions, UET tag | |
criteo-audiences | client_id | Client ID | Criteo Partners, My apps, the app, credentials | |
criteo-audiences | client_secret | Client secret | Criteo Partners, My apps, the app; shown once | Audiences, read and manage; the advertiser's consent to the app |
airship | access_token | Access token | Settings, Partner Integrations | | 401
airship | app_key | App key | Settings, Partner Integrations | | 401
attentive | apiKey | API key of a private app | Marketplace, Create app | Custom events, Custom attributes, eCommerce and Subscribers: write | 401
emarsys | api_user | API user | Management, Security settings, API users | | 401 Unauthorized
emarsys | api_password | Secret of the API user | Shown once, when the API user is made | | 401 Unauthorized
clevertap | clevertapAccountId | Project ID | Settings, Project | |
clevertap | clevertapPasscode | Passcode | Settings, Project, Passcode | |
clevertap | clevertapEndpoint | Region | In the address of the dashboard, such as eu1 or in1 | |
moengage | api_id | Workspace ID | Settings, Account, APIs | |
moengage | api_key | Data API key | Settings, Account, APIs | | 401
algolia-insights | appId | Application ID | Settings, API keys | |
algolia-insights | apiKey | Search API key | Settings, API keys | search |
optimizely-data-platform | apiKey | API token | App directory, the app, Settings, Generate | |
pendo-audiences | integrationKey | Integration key | Settings, Integrations, Integration keys, Add integration key | Write access |
qualtrics | apiToken | API token | Account settings, Qualtrics IDs, API | Access API | 401 Unrecognized X-API-TOKEN
qualtrics | datacenter | Datacenter ID | Account settings, Qualtrics IDs, User | |
attio | accessToken | Access token | Workspace settings, Developers, Create integration, Access token | record_permission:read-write, object_configuration:read | 401
adjust | default_app_token | App token | AppView, All apps, the app | |
adjust | default_event_token | Event token | AppView, All apps, the app, Events | |
gainsight-px | apiKey | Tag key | Administration, Products; begins with AP- | | 401 Invalid API key
loops | apiKey | API key | Settings, API, Generate key | | 401 Invalid API key
close | api_key | API key | Settings, Developer, API keys, New API key | | 401
drip | apiKey | API key in base64 | Settings, User settings, at the bottom; then base64 of the key and a colon, as printf 'KEY:' and base64 make it | | 401
drip | accountId | Account ID | The number in the address after getdrip.com/ | |
vwo | vwoAccountId | Account ID | Top of the dashboard | |
talon-one | apiKey | API key | Campaign Manager, Settings, Developer settings, Create API key | For use with a third-party service | 401
talon-one | deployment | Base URL of the deployment | The address of the Campaign Manager, up to .talon.one | |
pipedrive | apiToken | Personal API token | Settings, Personal preferences, API | The rights of the user whose token it is | 401 unauthorized access
pipedrive | domain | Company domain | Settings, Company settings, Company domain | |
canny | apiKey | API key | Admin settings, Integrations | |
responsys | username | User name | Account, User management, Users | |
responsys | userPassword | Password | Of that user | |
recombee | databaseId | Database ID | Settings, API ID & Tokens | |
recombee | privateToken | Private token | Settings, API ID & Tokens | |
ntfy | accessToken | Access token | Account, Access tokens, Create access token | Write access to the topic | 401 unauthorized
`;
