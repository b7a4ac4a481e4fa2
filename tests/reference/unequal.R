# Units drawn with unequal chances, by the R package survey.
# Run in this folder: Rscript unequal.R   (writes unequal.json and files/election_pps.csv,
# files/election_joint.csv; needs r-cran-survey, r-cran-jsonlite)
suppressMessages({library(survey); library(jsonlite)})
options(survey.lonely.psu = "fail", digits = 17)
data(election)

rows <- election_pps[c("County", "Bush", "Kerry", "p")]
rows$p <- round(rows$p, 15)
rows$unit <- seq_len(nrow(rows))
rows$big <- ifelse(rows$p > median(rows$p), "yes", "no")
rows$half <- rows$unit %% 2 + 1
write.csv(rows, "files/election_pps.csv", row.names = FALSE, quote = FALSE)
pairs <- which(upper.tri(election_jointprob), arr.ind = TRUE)
write.csv(data.frame(unit = pairs[, 1], other = pairs[, 2], chance = election_jointprob[pairs]),
          "files/election_joint.csv", row.names = FALSE, quote = FALSE)
rows <- read.csv("files/election_pps.csv")
joint <- election_jointprob
diag(joint) <- rows$p

designs <- list(
  brewer = svydesign(id = ~1, fpc = ~p, data = rows, pps = "brewer"),
  hartley_rao_ht = svydesign(id = ~1, fpc = ~p, data = rows, pps = HR()),
  hartley_rao_yg = svydesign(id = ~1, fpc = ~p, data = rows, pps = HR(), variance = "YG"),
  overton_ht = svydesign(id = ~1, fpc = ~p, data = rows, pps = "overton"),
  overton_yg = svydesign(id = ~1, fpc = ~p, data = rows, pps = "overton", variance = "YG"),
  joint_ht = svydesign(id = ~1, fpc = ~p, data = rows, pps = ppsmat(joint, tolerance = 0), variance = "HT"),
  joint_yg = svydesign(id = ~1, fpc = ~p, data = rows, pps = ppsmat(joint, tolerance = 0), variance = "YG"),
  strata_hartley_rao_yg = svydesign(id = ~1, fpc = ~p, strata = ~half, data = rows, pps = HR(), variance = "YG"),
  strata_brewer = svydesign(id = ~1, fpc = ~p, strata = ~half, data = rows, pps = "brewer"),
  with_replacement = svydesign(id = ~1, weights = ~I(1 / p), data = rows)
)
figures <- function(d) {
  total <- svytotal(~Bush, d); mean <- svymean(~Kerry, d); ratio <- svyratio(~Bush, ~Kerry, d)
  by <- svyby(~Bush, ~big, d, svytotal)
  list(total = as.numeric(coef(total)), total_se = as.numeric(SE(total)),
       mean = as.numeric(coef(mean)), mean_se = as.numeric(SE(mean)),
       ratio = as.numeric(coef(ratio)), ratio_se = as.numeric(SE(ratio)),
       no_se = as.numeric(SE(by))[1], yes_se = as.numeric(SE(by))[2])
}
write(toJSON(lapply(designs, figures), digits = I(17), auto_unbox = TRUE, pretty = TRUE), "unequal.json")
