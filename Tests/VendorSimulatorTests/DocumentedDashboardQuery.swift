/// The query of the vendor's documentation, word for word.
enum DocumentedDashboardQuery {
  static let text = """
    query GetDashboard($id: String) {
      dashboard(id: $id) {
        id
        isOwner
        owner {
          name
          __typename
        }
        permission {
          accessLevel
          permissionLevel
          userPermission
          __typename
        }
        timeRange
        startTime
        endTime
        timezone
        layouts {
          lg {
            i
            h
            w
            x
            y
            maxH
            maxW
            minH
            minW
            __typename
          }
          md {
            i
            h
            w
            x
            y
            maxH
            maxW
            minH
            minW
            __typename
          }
          sm {
            i
            h
            w
            x
            y
            maxH
            maxW
            minH
            minW
            __typename
          }
          xs {
            i
            h
            w
            x
            y
            maxH
            maxW
            minH
            minW
            __typename
          }
          xxs {
            i
            h
            w
            x
            y
            maxH
            maxW
            minH
            minW
            __typename
          }
          __typename
        }
        insights {
          id
          title
          timeRange
          timezone
          template {
            id
            type
            datasetId
            beta
            preferences {
              colors {
                theme
                values
                __typename
              }
              ... on StatTemplatePreference {
                valueFormat
                trendType
                __typename
              }
              ... on TableTemplatePreference {
                columns
                rowLinkTo
                sortId
                sortOrder
                __typename
              }
              ... on LineAreaBarTemplatePreference {
                viewByType
                viewBySubType
                __typename
              }
              ... on PieDonutTemplatePreference {
                pieTooltipFormat
                pieDatalabelFormat
                drillUpText
                aggregationSubType
                showAbsoluteValues
                __typename
              }
              ... on HorizontalBarTemplatePreference {
                columns
                barMaxValue
                barValueField
                __typename
              }
              __typename
            }
            __typename
          }
          bounds {
            x
            y
            w
            h
            __typename
          }
          filters {
            metricId
            title
            type
            operation
            ... on AttributeFilter {
              values
              __typename
            }
            ... on MeasureFilter {
              value
              __typename
            }
            __typename
          }
          __typename
        }
        __typename
      }
    }
    """
}
