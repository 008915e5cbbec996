/**
 * What the catalog says of each type of destination beyond its definition, one a line:
 * slug | id | its slug in Segment's Public API, if not ours | the day on which it came to us | status | its maker's web site, where known.
 * Ids are those under which the library registers its destinations and Segment's public catalog lists them, so that a client that names a
 * metadata id there names the same tool here; the Inbox and ntfy have made-up ones. Days are those of the commits that brought them. `PUBLIC`: that
 * catalog lists it as such, or it is ours. `DEPRECATED`: its maker has said that it closes. Web sites are of that catalog (see NOTICE), without
 * what tracks who follows a link, and not where it names only itself.
 */
export const DESTINATION_FACTS = `
1plusx | 60f64ae3eaebd66d17d28e9f | actions-1plusx | 2026-11-26 | PUBLIC_BETA | https://www.1plusx.com
1plusx-asset-api | 636d38db78d7834347d76c44 | actions-1plusx-asset-api | 2026-11-26 | PUBLIC_BETA | https://www.1plusx.com
aampe | 6874c64e5eda096bf3850ee0 | actions-aampe | 2026-11-26 | PUBLIC_BETA | https://aampe.com
absmartly | 64f703d1f6e9aa0a283ae3e2 | actions-absmartly | 2026-11-26 | PUBLIC | https://absmartly.com
accoil-analytics | 65cb48feaca9d46bf269ac4a | actions-accoil-analytics | 2026-11-26 | PUBLIC | https://www.accoil.com
acoustic | 6419fbec071f03f0e4887a7f | actions-acoustic-campaign | 2026-11-26 | PUBLIC_BETA | https://www.acoustic.com
acoustic-s3 | 64edec5a4f881f992e432b81 | actions-acoustic | 2026-11-26 | PUBLIC | https://www.acoustic.com
actable-predictive | 6388fddea33fcc69c0f8d9ce | actions-actable-predictive | 2026-11-26 | PUBLIC_BETA | https://getpredictable.io
adjust | 669f91bb3f2189462dddb691 | actions-adjust | 2026-11-26 | PUBLIC_BETA | https://www.adjust.com
adobe-analytics | 5783cec280412f644ff14226 |  | 2026-11-26 | PUBLIC | https://business.adobe.com/products/analytics/adobe-analytics.html
adobe-target | 61aa712b857e8c85c3b5a849 | actions-adobe-target-cloud | 2026-11-26 | PUBLIC | https://business.adobe.com/products/target/adobe-target.html
aggregations-io | 659eb601f8f615dac18db564 | actions-aggregations-io | 2026-11-26 | PUBLIC_BETA | https://aggregations.io
airship | 6475c5c14f7db4914bcd512f | actions-airship | 2026-11-26 | PUBLIC | https://www.airship.com
algolia-insights | 63e52bea7747fbc311d5b872 | actions-algolia-insights | 2026-11-26 | PUBLIC | https://www.algolia.com
altertable | 695ce1240b991455a1e5cb27 | actions-altertable | 2026-11-26 | PUBLIC_BETA
ambee | 647f2f7ce3b561ab931c2b77 | actions-ambee | 2026-11-26 | PUBLIC_BETA | https://www.getambee.com
amplitude | 5f7dd6d21ad74f3842b1fc47 | actions-amplitude | 2026-11-24 | PUBLIC | https://amplitude.com
amplitude-cohorts | 699d9cfc7ddca5bfc98344dc | actions-amplitude-cohorts | 2026-11-26 | PUBLIC_BETA | https://amplitude.com
angler-ai | 668d1cb2a1dcc5ad33228d92 | actions-angler-ai | 2026-11-26 | PUBLIC_BETA | https://getangler.ai
antavo | 678ff49d9fe6020cf449fd00 | actions-antavo | 2026-11-26 | PUBLIC_BETA | https://antavo.com
app-fit | 64b67be0d0dd66094c162ca7 | actions-app-fit | 2026-11-26 | PUBLIC_BETA | http://www.appfit.io
appcues | 699409fe37dec8f849615779 | actions-appcues | 2026-11-26 | PUBLIC_BETA | http://www.appcues.com
attentive | 674f2453916dadbd36d899dc | actions-attentive | 2026-11-26 | PUBLIC_BETA | https://www.attentive.com
attio | 64c031541451bb784943f809 | actions-attio | 2026-11-26 | PUBLIC_BETA | https://attio.com
attribution | 699d988eb2131bc0104e1b52 | actions-attribution | 2026-11-26 | PUBLIC_BETA | http://attributionapp.com
avo | 65c2465d0d7d550aa8e7e5c6 | actions-avo | 2026-11-26 | PUBLIC | https://avo.app
avo-v2 | 69a6cb5fda60c0bec5994df4 | actions-avo-v2 | 2026-11-26 | PUBLIC_BETA | https://avo.app
batch | 6891fb45c0068b7fad1e80a5 | actions-batch | 2026-11-26 | PUBLIC_BETA | https://batch.com
blend-ai | 64244158b33d1380a79dc85c | actions-blend-ai | 2026-11-26 | PUBLIC_BETA | https://blnd.ai
braze | 60f9d0d048950c356be2e4da | actions-braze-cloud | 2026-11-26 | PUBLIC | https://www.braze.com
braze-web | 60fb01aec459242d3b6f20c1 | actions-braze-web | 2026-11-26 | PUBLIC | https://www.braze.com
calliper | 646ce31d67ac1735b1846052 | calliper-cloud-actions | 2026-11-26 | PUBLIC_BETA
canny | 6489bbade6fe3eb57c13bd6a | actions-canny | 2026-11-26 | PUBLIC | https://www.canny.io
canvas | 6554dc58634812f080d83a23 | actions-canvas | 2026-11-26 | PUBLIC_BETA
chartmogul | 65f9888628c310646331738a | actions-chartmogul | 2026-11-26 | PUBLIC_BETA | http://www.chartmogul.com
clay | 6888c9ea14d648263fff811d | actions-clay | 2026-11-26 | PUBLIC | https://clay.com
clevertap | 61d7456b078e79929de4ee8c | actions-clevertap | 2026-11-26 | PUBLIC | https://clevertap.com
close | 61f8296b7d15c30a3bbe2b76 |  | 2026-11-26 | PUBLIC | https://www.close.com
collab-travel-crm | 695cddba47257c593da2bd68 | actions-collab-travel-crm | 2026-11-26 | PUBLIC_BETA
contentstack | 664ce7bdc820c71f7e3ff031 | actions-contentstack | 2026-11-26 | PUBLIC_BETA | https://www.contentstack.com
cordial | 61eed75ba749df7601b12186 | actions-cordial | 2026-11-26 | PUBLIC | https://cordial.com
courier | 65b8e9ae4bc3eee909e05c73 | actions-courier | 2026-11-26 | PUBLIC_BETA | https://www.courier.com
criteo-audiences | 6238cec53a46dd187d094eb7 | actions-criteo-audiences | 2026-11-26 | PUBLIC | https://www.criteo.com
customerio | 5f7dd78fe27ce7ff2b8bfa37 | actions-customerio | 2026-11-24 | PUBLIC | https://customer.io
dawn | 66ba235ecfcfee29bab517ce | actions-dawn | 2026-11-26 | PUBLIC_BETA
delivrai-audiences | 66c492a35a05977266a4a5c4 | actions-delivrai-audiences | 2026-11-26 | PUBLIC_BETA
devrev | 649adeaa719bd3f55fe81bef | actions-devrev | 2026-11-26 | PUBLIC_BETA | https://devrev.ai
dotdigital | 68370e58cb330586908573b7 | actions-dotdigital | 2026-11-26 | PUBLIC_BETA | https://dotdigital.com
drip | 673b62169b3342fbe0fc28da | actions-drip | 2026-11-26 | PUBLIC_BETA | https://www.drip.com
dub | 682db6914f35aafb2757ef24 | actions-dub | 2026-11-26 | PUBLIC_BETA | https://dub.co
eagleeye | 6870f42bdaad87a11d764e91 | actions-eagleeye | 2026-11-26 | PUBLIC_BETA | https://eagleeye.com
emarsys | 63f65c1c42e3bded41f0499c | actions-emarsys | 2026-11-26 | PUBLIC_BETA | http://www.emarsys.com
encharge | 642440d46b66b3eeac42b581 | encharge-cloud-actions | 2026-11-26 | PUBLIC | https://encharge.io
epsilon | 6880c39343b2271b41970fd9 | actions-epsilon | 2026-11-26 | PUBLIC_BETA | https://www.epsilon.com
equals | 659eb6903c4d201ebd9e2f5c | actions-equals | 2026-11-26 | PUBLIC_BETA | https://equals.com
facebook-custom-audiences | 645d5fc12eb891cf0a93fe4b | actions-facebook-custom-audiences | 2026-11-26 | PUBLIC_BETA | https://www.facebook.com/business
friendbuy | 61dde0dc77eb0db0392649d3 | actions-friendbuy-cloud | 2026-11-26 | PUBLIC | https://www.friendbuy.com
fullstory | 62d9aa9899b06480f83e8a66 | actions-fullstory-cloud | 2026-11-26 | PUBLIC | https://www.fullstory.com
gainsight-px | 61f83101210c42a28a88d240 | actions-gainsight-px-cloud | 2026-11-26 | PUBLIC | https://www.gainsight.com/product-experience/analytics
gameball | 64d3487dcc68fe039fb6237f | actions-gameball | 2026-11-26 | PUBLIC_BETA | https://gameball.co
gleap | 656f2474a919b7e6e4900265 | gleap-cloud-actions | 2026-11-26 | PUBLIC_BETA | http://www.gleap.io
google-analytics-4 | 60ad61f9ff47a16b8fb7b5d9 | actions-google-analytics-4 | 2026-11-24 | PUBLIC | https://marketingplatform.google.com/about/analytics/
gwen | 6411f979382d3759292d739f | actions-cloud-gwen | 2026-11-26 | PUBLIC_BETA | https://www.gwenplatform.com
heap | 62e184d538b54413fe754512 | actions-heap-cloud | 2026-11-26 | PUBLIC_BETA | https://www.heap.io
hubspot | 632b1116e0cb83902f3fd717 | actions-hubspot-cloud | 2026-11-26 | PUBLIC | https://www.hubspot.com
hyperengage | 651c1db19de92d8e595ff55d | actions-hyperengage | 2026-11-26 | PUBLIC_BETA
inbox | caadbcffec9038112a5642fc |  | 2026-11-24 | PUBLIC
inleads-ai | 6627b0208bbe1699ca06eef8 |  | 2026-11-26 | PUBLIC | https://www.inleads.ai
insider | 643697f531f98a978f414453 | actions-insider-cloud | 2026-11-26 | PUBLIC | https://useinsider.com
insider-audiences | 643698ffee21b544f6aa756a | actions-insider-audiences | 2026-11-26 | PUBLIC | https://useinsider.com
intercom | 62ded0cf5753c743883ca0f3 | actions-intercom-cloud | 2026-11-26 | PUBLIC | https://www.intercom.com
iqm | 6492cbb7df74e63cfa2f3e36 | actions-iqm | 2026-11-26 | PUBLIC_BETA
ironclad | 63c874d328bd6bd1aa1f90a0 | actions-ironclad | 2026-11-26 | PUBLIC_BETA | https://ironcladapp.com
iterable | 645babd9362d97b777391325 | actions-iterable | 2026-11-26 | PUBLIC | https://iterable.com
iterable-audiences | 699d9d9b1cf82fb3d614db02 | actions-iterable-audiences | 2026-11-26 | PUBLIC_BETA | https://iterable.com
iterable-lists | 66a7c28810bbaf446695d27d | actions-iterable-lists | 2026-11-26 | PUBLIC_BETA | https://iterable.com
jimo | 69708875e5073cee011f9be2 | actions-jimo-cloud | 2026-11-26 | PUBLIC_BETA | https://www.usejimo.com
june | 6419fce5b6e12cf44efbd34c | june-actions | 2026-11-26 | PUBLIC | https://www.june.so
kameleoon | 652ea51a327a62b351aa12c0 | actions-kameleoon | 2026-11-26 | PUBLIC_BETA | https://www.kameleoon.com
kevel | 659eb79c1141e58effa2153e | actions-kevel | 2026-11-26 | PUBLIC_BETA | https://www.kevel.com
kevel-audience | 65e71d50e1191c6273d1df1d | actions-kevel-audience | 2026-11-26 | PUBLIC_BETA | https://www.kevel.com
klaviyo | 650bdf1a62fb34ef0a8058e1 | actions-klaviyo | 2026-11-26 | PUBLIC | https://www.klaviyo.com
klime | 699d98d1efa22d864e451400 | actions-klime | 2026-11-26 | PUBLIC_BETA
koala | 6489c893dd5357493f365a96 | actions-koala-cloud | 2026-11-26 | DEPRECATED | https://getkoala.com
lark | 695cde813cc7cd3831de456e | actions-lark | 2026-11-26 | PUBLIC_BETA
launchdarkly | 624dddd054ced46facfdb9c0 | actions-launchdarkly | 2026-11-26 | PUBLIC | https://launchdarkly.com
launchdarkly-audiences | 64e72a310da9ebedf99c8937 | actions-launchdarkly-audiences | 2026-11-26 | PUBLIC | https://launchdarkly.com
launchpad | 63e42aa0ed203bc54eaabbee | actions-launchpad | 2026-11-26 | PUBLIC_BETA
listrak | 64b6a221baf168a989be641a | actions-listrak | 2026-11-26 | PUBLIC | https://www.listrak.com
livelike | 63e42b47479274407b671071 | actions-livelike-cloud | 2026-11-26 | PUBLIC_BETA | https://livelike.com
loops | 63360a5fe290ca3fdfad4a68 | actions-loops | 2026-11-26 | PUBLIC | https://loops.so
m3ter | 64b67add9c22bc2cce3bf8bc | actions-m3ter | 2026-11-26 | PUBLIC_BETA | https://www.m3ter.com
magellan-ai | 663235c8575a8ec65ccadf42 | actions-magellan-ai | 2026-11-26 | PUBLIC_BETA
mantle | 65f98869b73d65a27152e088 | actions-mantle | 2026-11-26 | PUBLIC_BETA
marketo-static-lists | 65302a514ce4a2f0f14cd426 | actions-marketo-static-lists | 2026-11-26 | PUBLIC | https://business.adobe.com/products/marketo.html
metronome | 61a8032ea5f157ee37a720be | metronome-actions | 2026-11-26 | PUBLIC | https://metronome.com
mixpanel | 615c7438d93d9b61b1e9e192 | actions-mixpanel | 2026-11-24 | PUBLIC | https://mixpanel.com
moengage | 620feaa207e70f6c6a765ff7 | actions-moengage | 2026-11-26 | PUBLIC | https://www.moengage.com
moloco-mcm | 65f05e455b125cddd886b793 | actions-moloco-rmp | 2026-11-26 | PUBLIC | https://www.moloco.com
movable-ink | 6537b55db9e94b2e110c9cf9 | actions-movable-ink | 2026-11-26 | PUBLIC | https://movableink.com
ms-bing-capi | 68b82be249b48bae343517c7 | actions-ms-bing-capi | 2026-11-26 | PUBLIC_BETA | https://ads.microsoft.com
nextdoor-conversions | 66cc76e29693c9e5591bf029 | actions-nextdoor-capi | 2026-11-26 | PUBLIC_BETA | https://nextdoor.com
ntfy | 1d8ada3e11839c59fca945b9 |  | 2026-11-26 | PUBLIC | https://ntfy.sh
nudge | 6863e71f2a1e1ddc4b4612bf | actions-nudge | 2026-11-26 | PUBLIC_BETA | https://www.nudgenow.com
optimizely-advanced-audience-targeting | 64edeb2bee24614fe52ede34 | actions-optimizely-advanced-audience-targeting | 2026-11-26 | PUBLIC_BETA | https://www.optimizely.com
optimizely-data-platform | 6512d7f86bdccc3829fc4ac3 | actions-optimizely-data-platform | 2026-11-26 | PUBLIC_BETA | https://www.optimizely.com
optimizely-feature-experimentation | 641d5acea88fa531b9068608 | actions-optimizely-feature-experimentation-cloud | 2026-11-26 | PUBLIC | https://www.optimizely.com
optimizely-web | 67051afe356a52d3cf4dfb95 | actions-optimizely-web | 2026-11-26 | PUBLIC_BETA | https://www.optimizely.com
ortto | 682db7017819e7e055f55cb4 | actions-ortto | 2026-11-26 | PUBLIC_BETA | https://ortto.com
ortto-audiences | 686799c65fcebef2a98c8141 | actions-ortto-audiences | 2026-11-26 | PUBLIC_BETA | https://ortto.com
outfunnel | 63ff8bae963d5cb4fc79f097 |  | 2026-11-26 | PUBLIC_BETA | https://outfunnel.com
pendo-audiences | 69a6caedee3c3617ae42dde8 | actions-pendo-audiences | 2026-11-26 | PUBLIC_BETA | https://www.pendo.io
pinterest-conversions | 63e42e512566ad7c7ca6ba9b | actions-pinterest-conversions-api | 2026-11-26 | PUBLIC | https://ads.pinterest.com
pipedrive | 5f7dd8191ad74f868ab1fc48 | actions-pipedrive | 2026-11-26 | PUBLIC_BETA | https://www.pipedrive.com
playerzero | 6492cbd495feedacdcf431a4 | actions-playerzero-cloud | 2026-11-26 | PUBLIC_BETA | https://playerzero.ai
podscribe | 643fdecd5675b7a6780d0d67 | actions-podscribe | 2026-11-26 | PUBLIC | https://www.podscribe.com
posthog | 68516c107fc235f3572f8a64 | actions-posthog | 2026-11-26 | PUBLIC_BETA | https://posthog.com
postscript | 66f2b0818aa856d4d2d87f90 | actions-postscript | 2026-11-26 | PUBLIC_BETA | http://www.postscript.io
prodeology | 64ca21ee1f8f380283837ba1 | actions-prodeology | 2026-11-26 | PUBLIC_BETA
pushwoosh | 64e72af1eabf77368b877a51 | actions-pushwoosh | 2026-11-26 | PUBLIC_BETA | https://www.pushwoosh.com
qualified | 69708853c934696ffa66b6ef | actions-qualified | 2026-11-26 | PUBLIC_BETA | https://www.qualified.com
qualtrics | 62e17e6f687e4a3d32d0f875 | actions-qualtrics | 2026-11-26 | PUBLIC | https://qualtrics.com
recombee | 66f2aea175bae98028d5185a | actions-recombee | 2026-11-26 | PUBLIC | https://www.recombee.com
reddit-conversions-api | 66cc766ef4b1c152177239a0 | actions-reddit-conversions-api | 2026-11-26 | PUBLIC | https://ads.reddit.com
rehook | 64c02312ff0ce798cc8d1a7e | actions-rehook | 2026-11-26 | PUBLIC_BETA | https://rehook.ai
repeater | 5850d8b680412f644ff55df2 |  | 2026-11-26 | PUBLIC
responsys | 6578a19fbd1201d21f035156 | actions-responsys | 2026-11-26 | PUBLIC_BETA | https://www.oracle.com/cx/marketing/campaign-management/
revend | 6419fc9da58e84c112de12c3 | revend-actions | 2026-11-26 | PUBLIC_BETA
revx | 6464ef424ac5c5f47f5f3968 | actions-revx | 2026-11-26 | PUBLIC_BETA | https://revx.io
ripe | 63cade592992cf7052ce2e3e | actions-ripe-cloud | 2026-11-26 | PUBLIC_BETA
roadwayai | 68516bd8ca73bd53f38a0104 | roadwayai-actions | 2026-11-26 | PUBLIC_BETA | http://www.roadwayai.com
rokt-audiences | 643697130067c2f408ff28ca | actions-rokt-audiences | 2026-11-26 | PUBLIC_BETA | https://www.rokt.com
rokt-capi | 697088b36245ed59c958d615 | actions-rokt-capi | 2026-11-26 | PUBLIC_BETA | https://www.rokt.com
salesforce-marketing-cloud | 62e30bad99f1bfb98ee8ce08 | actions-salesforce-marketing-cloud | 2026-11-26 | PUBLIC | https://www.salesforce.com/products/marketing-cloud/overview
saleswings | 63d17a1e6ab3e62212278cd0 | actions-saleswings | 2026-11-26 | PUBLIC | https://www.saleswingsapp.com
schematic | 65b8e9eca1b5903a031c6378 | actions-schematic | 2026-11-26 | PUBLIC_BETA | https://schematichq.com
segment | 6371eee1ae5e324869aa8b1b | actions-segment | 2026-11-26 | PUBLIC | https://segment.com
sendgrid | 631a6f32946dd8197e9cab66 | actions-sendgrid | 2026-11-26 | PUBLIC | https://sendgrid.com
sendgrid-audiences | 67338e95bf70aed334093dae | actions-sendgrid-audiences | 2026-11-26 | PUBLIC_BETA | https://sendgrid.com
singlestore | 6720ddceaa24532723b39d63 | actions-singlestore | 2026-11-26 | PUBLIC | https://www.singlestore.com
slack | 5f7dd8e302173ff732db5cc4 | actions-slack | 2026-11-24 | PUBLIC | https://slack.com
spiffy | 661e97a161b54c61eb22ead5 | actions-spiffy | 2026-11-26 | PUBLIC_BETA
sprig | 67339023f603663d5132f0d0 | actions-sprig | 2026-11-26 | PUBLIC_BETA | https://sprig.com
stackadapt | 65c36c1e127fb2c8188a414c | actions-stackadapt-cloud | 2026-11-26 | PUBLIC_BETA | https://www.stackadapt.com
stackadapt-audiences | 66e96b9f4ee97f41caa06487 | actions-stackadapt-audiences | 2026-11-26 | PUBLIC_BETA | http://www.stackadapt.com
surveysparrow | 65b8e89cd96df17201b04a49 | actions-surveysparrow | 2026-11-26 | PUBLIC_BETA | https://surveysparrow.com
survicate | 690075c7aa0913d3cb27878c | actions-survicate-cloud | 2026-11-26 | PUBLIC_BETA | https://survicate.com
taboola | 66684ba89c0523461d8bb7f3 | actions-taboola-actions | 2026-11-26 | PUBLIC_BETA | https://www.taboola.com
taguchi | 68b6ddcd033b3f6d006d8e1f | actions-taguchi | 2026-11-26 | PUBLIC_BETA
talon-one | 6234b137d3b6404a64f2a0f0 | actions-talon-one | 2026-11-26 | PUBLIC | https://www.talon.one
tiktok-app-events | 690de842dc73c4bb198a38e6 |  | 2026-11-26 | PUBLIC_BETA | https://ads.tiktok.com
tiktok-audiences | 63d2e550fb90f1632ed8820a | actions-tiktok-audiences | 2026-11-26 | PUBLIC | https://ads.tiktok.com
tiktok-conversions | 615cae349d109d6b7496a131 |  | 2026-11-26 | PUBLIC | https://ads.tiktok.com
tiktok-offline-conversions | 6447ca8bfaa773a2ba0777a0 | actions-tiktok-offline-conversions | 2026-11-26 | PUBLIC_BETA | https://ads.tiktok.com
toplyne | 6408ac6c144a7d5ac55cf414 | actions-toplyne-cloud | 2026-11-26 | PUBLIC_BETA | https://www.toplyne.io
topsort | 66ba237845b93b71bca2713e | actions-topsort | 2026-11-26 | PUBLIC_BETA | https://www.topsort.com
trackey | 65256052ac030f823df6c1a5 | actions-trackey | 2026-11-26 | PUBLIC_BETA
trubrics | 664ce847b3e6f19ea96b3611 | actions-trubrics | 2026-11-26 | PUBLIC_BETA | https://www.trubrics.com
twilio | 602efa1f249b9a5e2bf8a813 | actions-twilio | 2026-11-26 | PUBLIC_BETA | https://www.twilio.com
twilio-messaging | 674f23ece330374dc1ecc874 | actions-twilio-messaging | 2026-11-26 | PUBLIC_BETA | https://www.twilio.com
twilio-studio | 63e42bc78efe98bc2a8451c1 | actions-twilio-studio | 2026-11-26 | PUBLIC_BETA | https://www.twilio.com
usermaven | 643fdf094cfdbcf1bcccbc42 | actions-usermaven | 2026-11-26 | PUBLIC_BETA | https://usermaven.com
usermotion | 6537b5da8f27fd20713a5ba8 | actions-usermotion | 2026-11-26 | PUBLIC_BETA | https://usermotion.com
userpilot | 647f30a35eedd03afde0a1c3 | actions-userpilot-cloud | 2026-11-26 | PUBLIC | https://userpilot.com
vibe-audience | 68c960b951beba1bccaeab02 | actions-vibe-audience | 2026-11-26 | PUBLIC_BETA | https://www.vibe.co
voiceops | 69e75a7148bfabf0961fbe4d | actions-voiceops | 2026-11-26 | PUBLIC_BETA
voucherify | 63f529a8af3478b5a5363c53 | voucherify-actions | 2026-11-26 | PUBLIC | https://www.voucherify.io
voyage | 61dc4e96894a6d7954cc6e45 | actions-voyage | 2026-11-26 | PUBLIC_BETA
vwo | 63bedc136a8484a53739e013 | actions-vwo-cloud | 2026-11-26 | PUBLIC | https://vwo.com
webhook | 614a3c7d791c91c41bae7599 | actions-webhook | 2026-11-24 | PUBLIC
webhook-audiences | 649a1418b31e61334c66a7e7 | actions-webhook-audiences | 2026-11-26 | PUBLIC_BETA
webhook-extensible | 66b1f528d26440823fb27af9 | actions-webhook-extensible | 2026-11-26 | PUBLIC
xtremepush | 661e9787658d112ba31b59a7 | actions-xtremepush | 2026-11-26 | PUBLIC_BETA | https://www.xtremepush.com
yonoma | 689b6590095a4d2957bc50ca | actions-yonoma | 2026-11-26 | PUBLIC_BETA | https://yonoma.io
youappi-audiences | 69b9249b38dabe2f2f1f528a | actions-youappi-audience | 2026-11-26 | PUBLIC_BETA
zapier | 6937efdfdf772b67ee7174c5 | actions-zapier | 2026-11-26 | PUBLIC_BETA | https://zapier.com
`;
